/* What sluice sees more of if it is linked with --wrap policy_match --wrap policy_test: the fields that a hook
 * supplies, and which test is being looked at. */
#include "fuzz/target/target.h"
#include "policy.h"

bool __real_policy_match(const struct policy_rule *rule, const struct policy_field *fields);
bool __wrap_policy_match(const struct policy_rule *rule, const struct policy_field *fields)
{
	return __real_policy_match(rule, sluice_guard_array("fields", rule->hook, fields, sizeof(*fields)));
}

bool __real_policy_test(const struct policy_rule *rule, u8 number, const struct policy_field *fields);
bool __wrap_policy_test(const struct policy_rule *rule, u8 number, const struct policy_field *fields)
{
	sluice_reached(rule->number, number);
	return __real_policy_test(rule, number, fields);
}
