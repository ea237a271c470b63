/* How sluice calls hidparse.sys as Debian's libwine ships it: the content is a HID report descriptor, an event asks for
 * the capabilities of what was found in it.
 *
 *   type 1  index of a collection   HidP_GetCaps, HidP_GetButtonCaps, HidP_GetValueCaps
 *
 * The structures are those of Microsoft's hidpi.h and hidpddi.h, as documented. */
#include <string.h>

#include "fuzz/target/image.h"

enum { CAPS = 1 };
enum { GFP_KERNEL = 0xCC0 };
enum { NON_PAGED_POOL = 0, REPORT_INPUT = 0, HIDP_STATUS_SUCCESS = 0x110000, STATUS_INVALID_PARAMETER = 0xC000000D };

/* ---- What the worker has of the kernel -----------------------------------------------------------------------------
 */

void ExFreePool(void* memory);
void* kcalloc(size_t count, size_t size, unsigned flags);
void* krealloc(const void* memory, size_t size, unsigned flags);
void kfree(const void* memory);

/* ---- Stand-ins: ExAllocatePool is the worker's; the C library's heap is of the same memory
 * ---------------------------- */

void* sluice_import_calloc(size_t count, size_t size) { return kcalloc(count, size, GFP_KERNEL); }
void* sluice_import_realloc(void* memory, size_t size) { return krealloc(memory, size, GFP_KERNEL); }
void sluice_import_free(void* memory) { kfree(memory); }

/* Wine's messages: the driver asks which it is to write, and is told none. */
static unsigned char __attribute__((ms_abi)) no_messages(void* channel) {
  (void)channel;
  return 0;
}
void* sluice_import_GetModuleHandleW(const void* name) {
  (void)name;
  return NULL;
}
void* sluice_import_GetProcAddress(void* module, const char* name) {
  (void)module;
  return strcmp(name, "__wine_dbg_get_channel_flags") == 0 ? (void*)no_messages : NULL;
}

/* ---- The driver's own
 * ------------------------------------------------------------------------------------------------ */

struct collection {
  uint16_t usage_page, usage;
  uint8_t number, reserved[15];
  uint16_t input_size, output_size, feature_size, preparsed_size;
  void* preparsed;
};
struct device {
  struct collection* collections;
  uint32_t num_collections;
  void* report_ids;
  uint32_t num_report_ids;
  uint32_t debug[8];
};
struct capabilities {
  uint16_t usage, usage_page, input_size, output_size, feature_size, reserved[17];
  uint16_t num_nodes, num_input_buttons, num_input_values, num_input_indices;
  uint16_t num_output_buttons, num_output_values, num_output_indices;
  uint16_t num_feature_buttons, num_feature_values, num_feature_indices;
};
_Static_assert(sizeof(struct collection) == 40, "as the driver is compiled");
_Static_assert(sizeof(struct device) == 64, "as the driver is compiled");
_Static_assert(sizeof(struct capabilities) == 64, "as the driver is compiled");
enum { CAPS_SIZE = 72 }; /* of HIDP_BUTTON_CAPS and of HIDP_VALUE_CAPS */

static void* get_description;
static void* free_description;
static void* get_caps;
static void* get_button_caps;
static void* get_value_caps;
static struct device device;

static void look_up(void) {
  if (get_description != NULL) return;
  free_description = sluice_image_symbol("HidP_FreeCollectionDescription");
  get_caps = sluice_image_symbol("HidP_GetCaps");
  get_button_caps = sluice_image_symbol("HidP_GetButtonCaps");
  get_value_caps = sluice_image_symbol("HidP_GetValueCaps");
  get_description = sluice_image_symbol("HidP_GetCollectionDescription");
}

static struct sluice_result refused(uint32_t status) { return (struct sluice_result){SLUICE_REFUSED, status}; }
static struct sluice_result accepted(uint32_t code) { return (struct sluice_result){SLUICE_ACCEPTED, code}; }

/* ---- Load, evaluate, unload
 * ------------------------------------------------------------------------------------------- */

static struct sluice_result load(const void* content, size_t size) {
  look_up();
  memset(&device, 0, sizeof device);
  const uint32_t status = (uint32_t)sluice_image_call(get_description, 4, content, size, NON_PAGED_POOL, &device);
  return status == HIDP_STATUS_SUCCESS ? accepted(device.num_collections) : refused(status);
}

/* The driver copies at most `count` descriptions of what it found. */
static uint32_t copy_caps(void* function, uint16_t count, void* preparsed) {
  void* caps = sluice_import_calloc(count, CAPS_SIZE);
  if (caps == NULL) return HIDP_STATUS_SUCCESS;
  const uint32_t status = (uint32_t)sluice_image_call(function, 4, REPORT_INPUT, caps, &count, preparsed);
  sluice_import_free(caps);
  return status;
}

/* Returns how long the reports are, a byte each of input, output and feature, and what has no such length as 255. */
static struct sluice_result evaluate(const struct sluice_event* event) {
  const struct sluice_input* inputs = event->inputs;
  if (event->type != CAPS || event->num_inputs == 0 || inputs[0].kind != SLUICE_U32) {
    return refused(STATUS_INVALID_PARAMETER);
  }
  const uint32_t index = *(const uint32_t*)inputs[0].data;
  if (index >= device.num_collections) return refused(STATUS_INVALID_PARAMETER);
  const struct collection* collection = &device.collections[index];
  struct capabilities caps;
  uint32_t status = (uint32_t)sluice_image_call(get_caps, 2, collection->preparsed, &caps);
  if (status == HIDP_STATUS_SUCCESS && caps.num_input_buttons != 0) {
    status = copy_caps(get_button_caps, caps.num_input_buttons, collection->preparsed);
  }
  if (status == HIDP_STATUS_SUCCESS && caps.num_input_values != 0) {
    status = copy_caps(get_value_caps, caps.num_input_values, collection->preparsed);
  }
  if (status != HIDP_STATUS_SUCCESS) return refused(status);
  const uint16_t sizes[] = {caps.input_size, caps.output_size, caps.feature_size};
  uint32_t code = 0;
  for (int i = 0; i < 3; i++) code |= (uint32_t)(sizes[i] < 255 ? sizes[i] : 255) << 8 * i;
  return accepted(code);
}

/* What was prepared for a collection is the caller's to free: hidclass.sys does so when the device goes. */
static void unload(void) {
  for (uint32_t i = 0; i < device.num_collections; i++) ExFreePool(device.collections[i].preparsed);
  sluice_image_call(free_description, 1, &device);
}

static const struct sluice_description* describe(void) {
  static const uint32_t kInputs[] = {SLUICE_U32};
  static const struct sluice_template_type kType = {CAPS, "capabilities", 1, kInputs};
  static const struct sluice_description kDescription = {1, &kType};
  return &kDescription;
}

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target kTarget = {SLUICE_TARGET_VERSION, "hidparse", load, evaluate, unload, describe};
  return &kTarget;
}
