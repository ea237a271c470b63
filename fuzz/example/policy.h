/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An access policy for a small Linux security module: rules decide on the opening of files and on connections. The
 * policy comes from user space as one blob, in the format of policy.ksy.
 */
#ifndef POLICY_H
#define POLICY_H

#include <linux/list.h>
#include <linux/types.h>

enum policy_hook {
	POLICY_OPEN = 1, /* path, flags, uid */
	POLICY_CONNECT = 2, /* host, port, uid */
};

#define POLICY_NUM_FIELDS 3 /* of either hook */

enum policy_op {
	POLICY_ANY = 0,
	POLICY_EQUALS = 1, /* text */
	POLICY_PREFIX = 2, /* text */
	POLICY_SUFFIX = 3, /* text */
	POLICY_NUMBER = 4,
	POLICY_AT_LEAST = 5,
	POLICY_ANY_BIT = 6,
};

enum policy_tag {
	POLICY_ALL_OF = 1,
	POLICY_ANY_OF = 2,
	POLICY_NONE_OF = 3,
	POLICY_TEST = 4,
};

#define POLICY_MAX_DEPTH 8

/* What a hook knows of its event, one for each field. */
struct policy_field {
	const char *text; /* NULL for a number, and where there is none */
	u32 size;
	u32 number;
};

struct policy_test {
	u8 field;
	u8 op;
	u16 size; /* of the text */
	union {
		const char *text; /* in policy->strings, no NUL */
		u32 number;
	};
};

struct policy_node {
	struct list_head list;
	struct list_head children;
	u8 tag;
	u8 test;
};

struct policy_rule {
	struct list_head list;
	struct policy_node *logic;
	struct policy_test *tests;
	u32 number; /* in the file, from 0 */
	u16 id;
	u8 hook;
	u8 action;
	u8 num_tests;
};

struct policy {
	struct list_head rules;
	u32 num_strings;
	char *strings;
};

/* policy_load.c */
struct policy *policy_parse(const u8 *data, size_t size);
void policy_free(struct policy *policy);

/* policy_match.c, policy_test.c */
bool policy_match(const struct policy_rule *rule, const struct policy_field *fields);
bool policy_test(const struct policy_rule *rule, u8 number, const struct policy_field *fields);

/* policy_hooks.c: 0 allows; otherwise the id of the rule that decided, above its action */
int policy_replace(const void *data, size_t size);
void policy_drop(void);
int policy_on_open(const char *path, u32 len, u32 flags, u32 uid);
int policy_on_connect(const char *host, u32 len, u32 port, u32 uid);

#endif
