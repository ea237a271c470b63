// SPDX-License-Identifier: Apache-2.0
/* What the kernel calls: the policy in force, and the events that it decides. */
#define pr_fmt(fmt) "policy: " fmt

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "policy.h"

static DEFINE_MUTEX(policy_lock);
static struct policy *policy;

int policy_replace(const void *data, size_t size)
{
	struct policy *fresh = policy_parse(data, size);

	if (IS_ERR(fresh))
		return PTR_ERR(fresh);
	mutex_lock(&policy_lock);
	swap(policy, fresh);
	mutex_unlock(&policy_lock);
	policy_free(fresh);
	pr_info("in force, %zu bytes\n", size);
	return 0;
}

void policy_drop(void)
{
	mutex_lock(&policy_lock);
	policy_free(policy);
	policy = NULL;
	mutex_unlock(&policy_lock);
}

/* The first rule that matches decides. */
static int decide(enum policy_hook hook, const struct policy_field *fields)
{
	const struct policy_rule *rule;
	int decision = 0;

	mutex_lock(&policy_lock);
	list_for_each_entry(rule, &policy->rules, list) {
		if (rule->hook != hook || !policy_match(rule, fields))
			continue;
		decision = rule->id << 8 | rule->action;
		break;
	}
	mutex_unlock(&policy_lock);
	return decision;
}

int policy_on_open(const char *path, u32 len, u32 flags, u32 uid)
{
	struct policy_field fields[POLICY_NUM_FIELDS] = {
		{ .text = path, .size = len },
		{ .number = flags },
		{ .number = uid },
	};

	return decide(POLICY_OPEN, fields);
}

int policy_on_connect(const char *host, u32 len, u32 port, u32 uid)
{
	struct policy_field fields[POLICY_NUM_FIELDS] = {
		{ .text = host, .size = len },
		{ .number = port },
		{ .number = uid },
	};

	return decide(POLICY_CONNECT, fields);
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A policy for files and connections");
