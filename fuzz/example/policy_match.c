// SPDX-License-Identifier: Apache-2.0
/* Whether an event is what a rule describes. */
#include "policy.h"

static bool node_holds(const struct policy_node *node, const struct policy_rule *rule,
		       const struct policy_field *fields)
{
	const struct policy_node *child;

	if (node->tag == POLICY_TEST)
		return policy_test(rule, node->test, fields);
	list_for_each_entry(child, &node->children, list)
		if (node_holds(child, rule, fields) != (node->tag == POLICY_ALL_OF))
			return node->tag == POLICY_ANY_OF;
	return node->tag != POLICY_ANY_OF;
}

bool policy_match(const struct policy_rule *rule, const struct policy_field *fields)
{
	return node_holds(rule->logic, rule, fields);
}
