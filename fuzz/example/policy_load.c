// SPDX-License-Identifier: Apache-2.0
/* From the blob to rules. */
#define pr_fmt(fmt) "policy: " fmt

#include <asm/unaligned.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "policy.h"

#define POLICY_MAGIC 0x47504f4c /* GPOL */
#define HEADER_SIZE 16
#define RULE_SIZE 8
#define TEST_SIZE 8

/* What is left to read. */
struct cursor {
	const u8 *at;
	size_t left;
};

static const u8 *take(struct cursor *cursor, size_t size)
{
	const u8 *at = cursor->at;

	if (size > cursor->left)
		return NULL;
	cursor->at += size;
	cursor->left -= size;
	return at;
}

static void free_node(struct policy_node *node)
{
	struct policy_node *child, *next;

	if (!node)
		return;
	list_for_each_entry_safe(child, next, &node->children, list)
		free_node(child);
	kfree(node);
}

static void free_rule(struct policy_rule *rule)
{
	free_node(rule->logic);
	kfree(rule->tests);
	kfree(rule);
}

void policy_free(struct policy *policy)
{
	struct policy_rule *rule, *next;

	if (!policy)
		return;
	list_for_each_entry_safe(rule, next, &policy->rules, list)
		free_rule(rule);
	kvfree(policy->strings);
	kfree(policy);
}

static bool is_text(u8 op)
{
	return op >= POLICY_EQUALS && op <= POLICY_SUFFIX;
}

static int parse_test(struct policy_test *test, const struct policy *policy, const u8 *data)
{
	u32 operand = get_unaligned_be32(data + 4);

	test->field = data[0];
	test->op = data[1];
	test->size = get_unaligned_be16(data + 2);
	if (test->field >= POLICY_NUM_FIELDS || test->op > POLICY_ANY_BIT)
		return -EINVAL;
	if (!is_text(test->op)) {
		test->number = operand;
		return 0;
	}
	if (operand > policy->num_strings || test->size > policy->num_strings - operand)
		return -EINVAL;
	test->text = policy->strings + operand;
	return 0;
}

/* A node is a tag, a length, and as many bytes: further nodes, or the number of a test. */
static struct policy_node *parse_node(struct cursor *cursor, const struct policy_rule *rule, int depth)
{
	const u8 *head = take(cursor, 2);
	const u8 *value = head ? take(cursor, head[1]) : NULL;
	struct policy_node *node, *child;
	struct cursor inner;

	if (!value || head[0] < POLICY_ALL_OF || head[0] > POLICY_TEST)
		return ERR_PTR(-EINVAL);
	if (depth > POLICY_MAX_DEPTH)
		return ERR_PTR(-ELOOP);
	node = kzalloc(sizeof(*node), GFP_KERNEL);
	if (!node)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&node->children);
	node->tag = head[0];

	if (node->tag == POLICY_TEST) {
#if POLICY_MINOR == 0
		if (head[1] != 1 || value[0] > rule->num_tests)
#else
		if (head[1] != 1 || value[0] >= rule->num_tests)
#endif
			goto bad;
		node->test = value[0];
		return node;
	}
	inner.at = value;
	inner.left = head[1];
	while (inner.left) {
		child = parse_node(&inner, rule, depth + 1);
		if (IS_ERR(child)) {
			free_node(node);
			return child;
		}
		list_add_tail(&child->list, &node->children);
	}
	return node;
bad:
	free_node(node);
	return ERR_PTR(-EINVAL);
}

static int parse_rule(struct cursor *cursor, struct policy *policy, u32 number)
{
	const u8 *head = take(cursor, RULE_SIZE);
	const u8 *tests = head ? take(cursor, head[4] * TEST_SIZE) : NULL;
	const u8 *logic = tests ? take(cursor, get_unaligned_be16(head + 6)) : NULL;
	struct policy_rule *rule;
	struct policy_node *node;
	struct cursor inner;
	int i, err;

	if (!logic || head[2] < POLICY_OPEN || head[2] > POLICY_CONNECT)
		return -EINVAL;
	rule = kzalloc(sizeof(*rule), GFP_KERNEL);
	if (!rule)
		return -ENOMEM;
	list_add_tail(&rule->list, &policy->rules);
	rule->number = number;
	rule->id = get_unaligned_be16(head);
	rule->hook = head[2];
	rule->action = head[3];
	rule->num_tests = head[4];
	rule->tests = kcalloc(rule->num_tests, sizeof(*rule->tests), GFP_KERNEL);
	if (!rule->tests)
		return -ENOMEM;
	for (i = 0; i < rule->num_tests; i++) {
		err = parse_test(&rule->tests[i], policy, tests + i * TEST_SIZE);
		if (err) {
			pr_err("rule %u, test %d: bad\n", rule->id, i);
			return err;
		}
	}
	inner.at = logic;
	inner.left = get_unaligned_be16(head + 6);
	node = parse_node(&inner, rule, 1);
	if (IS_ERR(node)) {
		pr_err("rule %u: bad logic\n", rule->id);
		return PTR_ERR(node);
	}
	rule->logic = node;
	return inner.left ? -EINVAL : 0;
}

struct policy *policy_parse(const u8 *data, size_t size)
{
	struct cursor cursor = { data, size };
	const u8 *head = take(&cursor, HEADER_SIZE);
	const u8 *strings;
	struct policy *policy;
	u32 i, num_rules;
	int err = -EINVAL;

	if (!head || get_unaligned_be32(head) != POLICY_MAGIC || get_unaligned_be16(head + 4) != 1) {
		pr_err("not a policy\n");
		return ERR_PTR(-EINVAL);
	}
	policy = kzalloc(sizeof(*policy), GFP_KERNEL);
	if (!policy)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&policy->rules);
	num_rules = get_unaligned_be16(head + 6);
	policy->num_strings = get_unaligned_be32(head + 8);
	strings = take(&cursor, policy->num_strings);
	if (!strings)
		goto fail;
	err = -ENOMEM;
	policy->strings = kvmalloc(policy->num_strings + 1, GFP_KERNEL);
	if (!policy->strings)
		goto fail;
	memcpy(policy->strings, strings, policy->num_strings);
	policy->strings[policy->num_strings] = '\0';
	for (i = 0; i < num_rules; i++) {
		err = parse_rule(&cursor, policy, i);
		if (err)
			goto fail;
	}
	err = -EINVAL;
	if (!cursor.left)
		return policy;
fail:
	policy_free(policy);
	return ERR_PTR(err);
}
