#ifndef SLUICE_LINUX_GFP_H
#define SLUICE_LINUX_GFP_H

#include <linux/types.h>

#define __GFP_HIGHMEM ((gfp_t)0x02)
#define __GFP_HIGH ((gfp_t)0x20)
#define __GFP_IO ((gfp_t)0x40)
#define __GFP_FS ((gfp_t)0x80)
#define __GFP_ZERO ((gfp_t)0x100)
#define __GFP_DIRECT_RECLAIM ((gfp_t)0x400)
#define __GFP_KSWAPD_RECLAIM ((gfp_t)0x800)
#define __GFP_RECLAIM (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define __GFP_NOWARN ((gfp_t)0x2000)
#define __GFP_RETRY_MAYFAIL ((gfp_t)0x4000)
#define __GFP_NOFAIL ((gfp_t)0x8000)
#define __GFP_NORETRY ((gfp_t)0x10000)
#define __GFP_ACCOUNT ((gfp_t)0x400000)

#define GFP_ATOMIC (__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_NOWAIT (__GFP_KSWAPD_RECLAIM)
#define GFP_NOIO (__GFP_RECLAIM)
#define GFP_NOFS (__GFP_RECLAIM | __GFP_IO)
#define GFP_USER GFP_KERNEL
#define GFP_DMA ((gfp_t)0x01)

#endif
