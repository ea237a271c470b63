/* Regular expressions, simulated on the pattern itself: a state is the offset of an atom, the set of states is a bit
 * for each offset, and nothing is compiled, stored or tried twice. Each character of the text costs as many steps as
 * there are states in the set. */
#include "sensor.h"

#define WORD_BITS 64u
#define NUM_WORDS (SENSOR_MAX_REGEX / WORD_BITS + 1)

struct states {
  uint64_t words[NUM_WORDS];
};

/* One thing to match and how often: what lies between two offsets of the pattern. */
struct atom {
  uint32_t begin, end; /* without the repetition */
  uint32_t next;       /* behind the repetition */
  bool is_optional;    /* may be left out */
  bool repeats;
};

struct pattern {
  const uint8_t* bytes;
  uint32_t begin, end; /* without ^ and $ */
  bool is_at_begin, is_at_end;
};

bool sensor_regex_is_valid(const uint8_t* pattern, uint32_t size) {
  if (size == 0 || size > SENSOR_MAX_REGEX) return false;
  for (uint32_t i = 0; i < size; i++) {
    if (pattern[i] < 0x20 || pattern[i] > 0x7E || pattern[i] == '(' || pattern[i] == '{') return false;
  }
  return true;
}

/* ---- The pattern ------------------------------------------------------------------------------------------- */

/* A backslash takes the next character along, unless there is none. */
static uint32_t after_character(const struct pattern* pattern, uint32_t at) {
  return pattern->bytes[at] == '\\' && at + 1 < pattern->end ? at + 2 : at + 1;
}

static uint8_t character_at(const struct pattern* pattern, uint32_t at) {
  return pattern->bytes[after_character(pattern, at) - 1];
}

/* Where the class that opens at `at` ends, behind its bracket; `at` if it has no end. Its first member may be a
 * bracket. */
static uint32_t after_class(const struct pattern* pattern, uint32_t at) {
  uint32_t i = at + 1;
  if (i < pattern->end && pattern->bytes[i] == '^') i++;
  if (i >= pattern->end) return at;
  for (i = after_character(pattern, i); i < pattern->end; i = after_character(pattern, i)) {
    if (pattern->bytes[i] == ']') return i + 1;
  }
  return at;
}

static bool is_class(const struct pattern* pattern, uint32_t at) {
  return pattern->bytes[at] == '[' && after_class(pattern, at) != at;
}

static struct atom atom_at(const struct pattern* pattern, uint32_t at) {
  struct atom atom = {at, after_character(pattern, at), 0, false, false};
  if (is_class(pattern, at)) atom.end = after_class(pattern, at);
  for (atom.next = atom.end; atom.next < pattern->end; atom.next++) {
    const uint8_t c = pattern->bytes[atom.next];
    if (c != '*' && c != '+' && c != '?') break;
    if (c != '+') atom.is_optional = true;
    if (c != '?') atom.repeats = true;
  }
  return atom;
}

/* Members between `at` and the bracket before `end`: characters, and ranges with a minus between two. */
static bool class_has(const struct pattern* pattern, uint32_t at, uint32_t end, uint32_t unit) {
  const uint32_t bracket = end - 1;
  while (at < bracket) {
    const uint8_t low = character_at(pattern, at);
    uint8_t high = low;
    at = after_character(pattern, at);
    if (pattern->bytes[at] == '-' && at + 1 < bracket) {
      high = character_at(pattern, at + 1);
      at = after_character(pattern, at + 1);
    }
    if (low <= unit && unit <= high) return true;
  }
  return false;
}

static bool atom_takes(const struct pattern* pattern, const struct atom* atom, uint32_t unit) {
  const uint8_t first = pattern->bytes[atom->begin];
  if (is_class(pattern, atom->begin)) {
    const bool is_inverted = pattern->bytes[atom->begin + 1] == '^';
    return class_has(pattern, atom->begin + (is_inverted ? 2 : 1), atom->end, unit) != is_inverted;
  }
  if (first == '.') return true;
  return character_at(pattern, atom->begin) == unit;
}

/* ---- The simulation ---------------------------------------------------------------------------------------- */

static bool has(const struct states* states, uint32_t state) {
  return (states->words[state / WORD_BITS] >> state % WORD_BITS & 1) != 0;
}

/* Adds a state, and those behind it that are reached by leaving atoms out. */
static void add(const struct pattern* pattern, struct states* states, uint32_t state) {
  while (!has(states, state)) {
    states->words[state / WORD_BITS] |= UINT64_C(1) << state % WORD_BITS;
    if (state == pattern->end) return;
    const struct atom atom = atom_at(pattern, state);
    if (!atom.is_optional) return;
    state = atom.next;
  }
}

/* Looking at a state is one step, but for a bracket: the class's end has to be found. */
static bool spend(const struct pattern* pattern, uint32_t state, uint32_t* fuel) {
  const bool is_bracket = state < pattern->end && pattern->bytes[state] == '[';
  const uint32_t steps = is_bracket ? pattern->end - state : 1;
  const bool is_enough = steps <= *fuel;
  *fuel = is_enough ? *fuel - steps : 0;
  return is_enough;
}

/* The states after one more character. False if the fuel ran out. */
static bool step(const struct pattern* pattern, const struct states* from, uint32_t unit, struct states* to,
                 uint32_t* fuel) {
  sensor_zero(to, sizeof *to);
  for (uint32_t w = 0; w < NUM_WORDS; w++) {
    for (uint64_t left = from->words[w]; left != 0; left &= left - 1) {
      const uint32_t state = w * WORD_BITS + (uint32_t)__builtin_ctzll(left);
      if (!spend(pattern, state, fuel)) return false;
      if (state == pattern->end) continue;
      const struct atom atom = atom_at(pattern, state);
      if (!atom_takes(pattern, &atom, unit)) continue;
      if (atom.repeats) add(pattern, to, state);
      add(pattern, to, atom.next);
    }
  }
  return true;
}

/* Whether the last character is a $ that no backslash precedes, or rather an even number of them. */
static bool ends_with_dollar(const uint8_t* bytes, uint32_t begin, uint32_t size) {
  if (size == begin || bytes[size - 1] != '$') return false;
  uint32_t slashes = 0;
  while (slashes < size - 1 - begin && bytes[size - 2 - slashes] == '\\') slashes++;
  return slashes % 2 == 0;
}

bool sensor_regex_matches(const uint8_t* bytes, uint32_t size, const struct sensor_value* text, uint32_t* fuel) {
  struct pattern pattern = {bytes, 0, size, false, false};
  pattern.is_at_begin = size > 0 && bytes[0] == '^';
  if (pattern.is_at_begin) pattern.begin = 1;
  pattern.is_at_end = ends_with_dollar(bytes, pattern.begin, size);
  if (pattern.is_at_end) pattern.end = size - 1;

  struct states states[2];
  sensor_zero(&states[0], sizeof states[0]);
  add(&pattern, &states[0], pattern.begin);
  for (uint32_t i = 0; i < text->length; i++) {
    struct states* now = &states[i % 2];
    struct states* then = &states[(i + 1) % 2];
    if (has(now, pattern.end) && !pattern.is_at_end) return true;
    if (!step(&pattern, now, sensor_unit(text, i), then, fuel)) return false;
    if (!pattern.is_at_begin) add(&pattern, then, pattern.begin);
  }
  return has(&states[text->length % 2], pattern.end);
}
