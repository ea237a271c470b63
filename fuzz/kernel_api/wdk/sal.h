/* SAL annotations say something to the analysers of the WDK and nothing to a compiler. */
#ifndef SLUICE_WDK_SAL_H
#define SLUICE_WDK_SAL_H

#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_range_(low, high)
#define _In_reads_(count)
#define _In_reads_opt_(count)
#define _In_reads_bytes_(size)
#define _In_reads_bytes_opt_(size)
#define _In_reads_z_(count)
#define _Inout_
#define _Inout_opt_
#define _Inout_z_
#define _Inout_updates_(count)
#define _Inout_updates_opt_(count)
#define _Inout_updates_bytes_(size)
#define _Inout_updates_bytes_opt_(size)
#define _Out_
#define _Out_opt_
#define _Out_range_(low, high)
#define _Out_writes_(count)
#define _Out_writes_opt_(count)
#define _Out_writes_z_(count)
#define _Out_writes_all_(count)
#define _Out_writes_to_(size, count)
#define _Out_writes_bytes_(size)
#define _Out_writes_bytes_opt_(size)
#define _Out_writes_bytes_all_(size)
#define _Out_writes_bytes_to_(size, count)
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_result_nullonfailure_
#define _Outptr_result_buffer_(count)
#define _Outptr_result_bytebuffer_(size)
#define _COM_Outptr_
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Ret_range_(low, high)
#define _Ret_writes_bytes_(size)
#define _Ret_writes_bytes_maybenull_(size)
#define _Field_range_(low, high)
#define _Field_size_(count)
#define _Field_size_opt_(count)
#define _Field_size_bytes_(size)
#define _Field_size_bytes_opt_(size)
#define _Field_size_bytes_part_(size, count)
#define _Field_z_
#define _Struct_size_bytes_(size)
#define _Null_terminated_
#define _NullNull_terminated_
#define _Notnull_
#define _Maybenull_
#define _Reserved_
#define _Const_
#define _Pre_
#define _Pre_notnull_
#define _Pre_maybenull_
#define _Pre_valid_
#define _Pre_satisfies_(condition)
#define _Post_
#define _Post_invalid_
#define _Post_satisfies_(condition)
#define _Post_ptr_invalid_
#define _Post_writable_byte_size_(size)
#define _At_(target, annotations)
#define _On_failure_(annotations)
#define _Success_(condition)
#define _Return_type_success_(condition)
#define _Check_return_
#define _Must_inspect_result_
#define _Use_decl_annotations_
#define _Analysis_assume_(condition) ((void)0)
#define _Analysis_noreturn_
#define _Always_(annotations)
#define _When_(condition, annotations)
#define _Group_(annotations)
#define _Printf_format_string_
#define _Function_class_(name)
#define _Enum_is_bitflag_
#define _Strict_type_match_
#define _Points_to_data_
#define _Literal_
#define _Interlocked_
#define _Guarded_by_(lock)
#define _Requires_lock_held_(lock)
#define _Requires_lock_not_held_(lock)
#define _Requires_exclusive_lock_held_(lock)
#define _Requires_shared_lock_held_(lock)
#define _Acquires_lock_(lock)
#define _Acquires_exclusive_lock_(lock)
#define _Acquires_shared_lock_(lock)
#define _Releases_lock_(lock)
#define _Releases_exclusive_lock_(lock)
#define _Releases_shared_lock_(lock)
#define _IRQL_requires_(irql)
#define _IRQL_requires_max_(irql)
#define _IRQL_requires_min_(irql)
#define _IRQL_requires_same_
#define _IRQL_raises_(irql)
#define _IRQL_saves_
#define _IRQL_restores_
#define _IRQL_saves_global_(kind, target)
#define _IRQL_restores_global_(kind, target)
#define _IRQL_uses_cancel_
#define _Dispatch_type_(type)
#define __drv_allocatesMem(kind)
#define __drv_freesMem(kind)
#define __drv_aliasesMem
#define __drv_maxIRQL(irql)
#define __drv_requiresIRQL(irql)
#define __drv_sameIRQL

#endif
