/* An engine that tries everything, in place of the sensor's: characters, `.`, and the three repetitions. */
#include "sensor.h"

bool sensor_regex_is_valid(const uint8_t* pattern, uint32_t size) { return pattern != NULL && size != 0; }

static bool takes(uint8_t c, const struct sensor_value* text, uint32_t i) {
  return i < text->length && (c == '.' || c == sensor_unit(text, i));
}

static bool matches_at(const uint8_t* pattern, uint32_t size, const struct sensor_value* text, uint32_t i) {
  if (size == 0) return true;
  const uint8_t repetition = size > 1 ? pattern[1] : 0;
  if (repetition != '*' && repetition != '+' && repetition != '?') {
    return takes(pattern[0], text, i) && matches_at(pattern + 1, size - 1, text, i + 1);
  }
  const uint32_t least = repetition == '+' ? 1 : 0;
  const uint32_t most = repetition == '?' ? 1 : UINT32_MAX;
  for (uint32_t n = 0; n <= most; n++) {
    if (n >= least && matches_at(pattern + 2, size - 2, text, i + n)) return true;
    if (!takes(pattern[0], text, i + n)) return false;
  }
  return false;
}

bool sensor_regex_matches(const uint8_t* pattern, uint32_t size, const struct sensor_value* text, uint32_t* fuel) {
  for (uint32_t i = 0; *fuel != 0 && i <= text->length; i++) {
    if (matches_at(pattern, size, text, i)) return true;
  }
  return false;
}
