/* How sluice calls the policy driver. */
#include <linux/kernel.h>

#include "fuzz/target/target.h"
#include "policy.h"

static struct sluice_result load(const void *content, size_t size)
{
	int error = policy_replace(content, size);

	return (struct sluice_result){ error ? SLUICE_REFUSED : SLUICE_ACCEPTED, error };
}

/* What the kernel hands to a hook: here always a text and two numbers. */
static struct sluice_result evaluate(const struct sluice_event *event)
{
	const struct sluice_input *text = &event->inputs[0];
	u32 numbers[2] = { 0 };

	for (int i = 0; i < 2 && i + 1 < event->num_inputs; i++)
		if (event->inputs[i + 1].kind == SLUICE_U32)
			numbers[i] = *(const u32 *)event->inputs[i + 1].data;
	int decision = (event->type == POLICY_OPEN ? policy_on_open : policy_on_connect)(text->data, text->size,
											 numbers[0], numbers[1]);

	return (struct sluice_result){ SLUICE_ACCEPTED, decision };
}

static const u32 kinds[POLICY_NUM_FIELDS] = { SLUICE_BYTES, SLUICE_U32, SLUICE_U32 };

static const struct sluice_template_type types[] = {
	{ POLICY_OPEN, "open", POLICY_NUM_FIELDS, kinds },
	{ POLICY_CONNECT, "connect", POLICY_NUM_FIELDS, kinds },
};

static const struct sluice_description *describe(void)
{
	static const struct sluice_description description = { 2, types };

	return &description;
}

const struct sluice_target *sluice_target(void)
{
	static const struct sluice_target target = {
		SLUICE_TARGET_VERSION, "policy 1." __stringify(POLICY_MINOR), load, evaluate, policy_drop, describe,
	};

	return &target;
}
