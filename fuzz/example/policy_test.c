// SPDX-License-Identifier: Apache-2.0
/* One test of one field. */
#include <linux/string.h>

#include "policy.h"

bool policy_test(const struct policy_rule *rule, u8 number, const struct policy_field *fields)
{
	const struct policy_test *test = &rule->tests[number];
	const struct policy_field *field;

	if (test->op == POLICY_ANY)
		return true;
	field = &fields[test->field];
	switch (test->op) {
	case POLICY_NUMBER:
		return field->number == test->number;
	case POLICY_AT_LEAST:
		return field->number >= test->number;
	case POLICY_ANY_BIT:
		return field->number & test->number;
	}
	if (!field->text || field->size < test->size)
		return false;
	switch (test->op) {
	case POLICY_EQUALS:
		return field->size == test->size && !memcmp(field->text, test->text, test->size);
	case POLICY_PREFIX:
		return !memcmp(field->text, test->text, test->size);
	case POLICY_SUFFIX:
		return !memcmp(field->text + field->size - test->size, test->text, test->size);
	}
	return false;
}
