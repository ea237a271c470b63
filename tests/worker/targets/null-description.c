#include "fuzz/target/target.h"
static const struct sluice_description* describe(void);
#define DESCRIBE describe
#include "misbehave.h"
static const struct sluice_description* describe(void) {
  static const struct sluice_description nonsense = {1000, (const struct sluice_template_type*)16};
  return &nonsense;
}
