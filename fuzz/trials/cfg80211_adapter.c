/* How sluice calls cfg80211.ko as Debian ships it: the content is regulatory.db, an event asks what it says of a
 * country.
 *
 *   type 1  country                 query_regdb: takes the country's rules as regulatory hints do
 *   type 2  country, frequency/MHz  reg_query_regdb_wmm: what a driver asks before it sends there
 *   type 3  (nothing)               both, for every country that the database names, in every band
 *
 * A country is two bytes. Structures are those of Linux 6.1. */
#include <string.h>

#include "fuzz/target/image.h"

enum { COUNTRY = 1, WMM = 2, EVERY_COUNTRY = 3 };
enum { HEADER_SIZE = 8, COUNTRY_SIZE = 4 };
enum { MINUS_NO_DATA = -61, MINUS_INVALID = -22, GFP_KERNEL = 0xCC0 };

/* ---- What the worker has of the kernel -----------------------------------------------------------------------------
 */

void* kmemdup(const void* from, size_t size, unsigned flags);
void kfree(const void* memory);
void rtnl_lock(void);
void rtnl_unlock(void);
void __flush_workqueue(void* queue);

/* ---- Stand-ins ------------------------------------------------------------------------------------------------------
 */

struct firmware {
  size_t size;
  const uint8_t* data;
  void* priv;
};

/* The database's signature, which is found good: this is about what is read behind it. */
int sluice_import_request_firmware(const struct firmware** firmware, const char* name, void* device) {
  static const uint8_t kBytes[] = "signature";
  static const struct firmware kSignature = {sizeof kBytes, kBytes, NULL};
  (void)name;
  (void)device;
  *firmware = &kSignature;
  return 0;
}
void sluice_import_release_firmware(const struct firmware* firmware) { (void)firmware; }
int sluice_import_verify_pkcs7_signature(void) { return 0; }

/* ---- The module's own
 * ------------------------------------------------------------------------------------------------ */

struct list {
  struct list *next, *previous;
};
struct regulatory_domain {
  void* rcu_head[2];
  uint32_t num_rules;
};
/* What query_regdb leaves for a worker thread. */
struct apply_request {
  struct list list;
  const struct regulatory_domain* domain;
};

static void* valid_regdb;
static void* query_regdb;
static void* query_wmm;
static const void** regdb;
static size_t regdb_size;
static struct list* apply_list;

static void look_up(void) {
  if (valid_regdb != NULL) return;
  query_regdb = sluice_image_symbol("query_regdb");
  query_wmm = sluice_image_symbol("reg_query_regdb_wmm");
  regdb = sluice_image_symbol("regdb");
  apply_list = sluice_image_symbol("reg_regdb_apply_list");
  valid_regdb = sluice_image_symbol("valid_regdb");
}

static struct sluice_result refused(int code) { return (struct sluice_result){SLUICE_REFUSED, (uint32_t)code}; }
static struct sluice_result accepted(uint32_t code) { return (struct sluice_result){SLUICE_ACCEPTED, code}; }

/* ---- Load, evaluate, unload: as regdb_fw_cb does, without the wireless devices that it then tells -------------------
 */

static struct sluice_result load(const void* content, size_t size) {
  look_up();
  const uint8_t is_valid = (uint8_t)sluice_image_call(valid_regdb, 2, content, size);
  if (!is_valid) return refused(MINUS_INVALID);
  *regdb = kmemdup(content, size, GFP_KERNEL);
  regdb_size = size;
  return *regdb != NULL ? accepted(0) : refused(-12);
}

/* Returns the number of rules that the country has. */
static struct sluice_result evaluate_country(const char* country) {
  rtnl_lock();
  const int error = (int)sluice_image_call(query_regdb, 1, country);
  rtnl_unlock();
  if (error != 0) return refused(error);
  const struct apply_request* request = (const struct apply_request*)apply_list->next;
  const uint32_t num_rules = apply_list->next == apply_list ? 0 : request->domain->num_rules;
  __flush_workqueue(NULL);
  return accepted(num_rules);
}

/* That the rules have none for the frequency is an answer. */
static struct sluice_result evaluate_wmm(const char* country, uint32_t frequency) {
  static uint64_t rule[32]; /* struct ieee80211_reg_rule, and more */
  const int error = (int)sluice_image_call(query_wmm, 3, country, (uint64_t)frequency, rule);
  return error == 0 || error == MINUS_NO_DATA ? accepted((uint32_t)-error) : refused(error);
}

/* Of countries with the same rules the first is asked for. Returns how many are. */
static struct sluice_result evaluate_every_country(void) {
  static const uint32_t kBands[] = {2412, 5180, 5500, 5745, 5955};
  static uint8_t is_asked[1 << 13]; /* a bit for each pointer */
  memset(is_asked, 0, sizeof is_asked);
  uint32_t num_asked = 0;
  const char* database = *regdb;
  for (size_t at = HEADER_SIZE; regdb_size - at >= COUNTRY_SIZE; at += COUNTRY_SIZE) {
    const char* country = database + at;
    const unsigned pointer = (unsigned)(uint8_t)country[2] << 8 | (uint8_t)country[3];
    if (pointer == 0) break;
    const uint8_t bit = (uint8_t)(1u << pointer % 8);
    if ((is_asked[pointer / 8] & bit) != 0) continue;
    is_asked[pointer / 8] |= bit;
    evaluate_country(country);
    for (size_t i = 0; i < sizeof kBands / sizeof kBands[0]; i++) evaluate_wmm(country, kBands[i]);
    num_asked++;
  }
  return accepted(num_asked);
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  if (event->type == EVERY_COUNTRY) return evaluate_every_country();
  const struct sluice_input* inputs = event->inputs;
  if (event->num_inputs == 0 || inputs[0].kind != SLUICE_BYTES || inputs[0].size < 2) return refused(MINUS_INVALID);
  if (event->type == COUNTRY) return evaluate_country(inputs[0].data);
  const int has_frequency = event->num_inputs > 1 && inputs[1].kind == SLUICE_U32;
  if (event->type != WMM || !has_frequency) return refused(MINUS_INVALID);
  return evaluate_wmm(inputs[0].data, *(const uint32_t*)inputs[1].data);
}

static void unload(void) {
  kfree(*regdb);
  *regdb = NULL;
}

static const struct sluice_description* describe(void) {
  static const uint32_t kInputs[] = {SLUICE_BYTES, SLUICE_U32};
  static const struct sluice_template_type kTypes[] = {
      {COUNTRY, "country", 1, kInputs}, {WMM, "wmm", 2, kInputs}, {EVERY_COUNTRY, "every country", 0, NULL}};
  static const struct sluice_description kDescription = {3, kTypes};
  return &kDescription;
}

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target kTarget = {SLUICE_TARGET_VERSION, "cfg80211", load, evaluate, unload, describe};
  return &kTarget;
}
