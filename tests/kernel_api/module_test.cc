/* What compiled Linux modules import, called as they call it. */
#include <catch2/catch.hpp>
#include <cctype>
#include <cstring>

#include "fault_of.h"
#include "fuzz/kernel_api/control.h"

extern "C" {
struct list_head {
  list_head *next, *prev;
};
struct work_struct {
  long data;
  list_head entry;
  void (*function)(work_struct*);
};

void* __kmalloc(size_t size, unsigned flags);
void* kmalloc_trace(void* cache, unsigned flags, size_t size);
void kfree(const void* memory);
void _raw_spin_lock_bh(void* lock);
void _raw_spin_unlock_bh(void* lock);
void __rcu_read_lock();
void __rcu_read_unlock();
int __SCT__might_resched();
void rtnl_lock();
void rtnl_unlock();
int rtnl_is_locked();
bool __list_add_valid(const list_head* entry, const list_head* before, const list_head* next);
bool __list_del_entry_valid(const list_head* entry);
bool queue_work_on(int cpu, void* queue, work_struct* work);
bool flush_work(work_struct* work);
bool cancel_work_sync(work_struct* work);
void __flush_workqueue(void* queue);
unsigned long __msecs_to_jiffies(unsigned milliseconds);
unsigned jiffies_to_msecs(unsigned long ticks);
void __kernel___stack_chk_fail();
void fortify_panic(const char* name);
void __warn_printk(const char* format, ...);
void refcount_warn_saturate(int* count, unsigned how);
int __kernel_sprintf(char* to, const char* format, ...);
unsigned long gcd(unsigned long a, unsigned long b);
unsigned long _find_first_bit(const unsigned long* bits, unsigned long size);
unsigned long _find_next_bit(const unsigned long* bits, unsigned long size, unsigned long from);
unsigned long _find_next_zero_bit(const unsigned long* bits, unsigned long size, unsigned long from);
extern const unsigned char _ctype[256];
extern unsigned nr_cpu_ids;
extern unsigned long __cpu_online_mask[];
}

namespace {

constexpr unsigned kKernel = 0xCC0;  // GFP_KERNEL
constexpr unsigned kZeroed = 0xDC0;

int num_runs = 0;
void run_work(work_struct*) { ++num_runs; }
void run_work_again(work_struct* work) {
  ++num_runs;
  queue_work_on(0, nullptr, work);
}

}  // namespace

TEST_CASE("a module's kmalloc is as large as it asked, whatever cache it names") {
  auto* memory = static_cast<unsigned char*>(kmalloc_trace(nullptr, kZeroed, 24));
  REQUIRE(memory != nullptr);
  CHECK(std::count(memory, memory + 24, 0) == 24);
  sluice_allocation found{};
  CHECK(sluice_kernel_find(memory + 23, &found) == SLUICE_LIVE);
  CHECK(found.size == 24);
  CHECK(std::string(found.call) == "kmalloc");
  kfree(memory);
  CHECK(__kmalloc(size_t{1} << 40, kKernel) == nullptr);
}

TEST_CASE("a module that sleeps under a lock is told, by whatever name") {
  CHECK(fault_of([] {
          int lock = 0;
          _raw_spin_lock_bh(&lock);
          __SCT__might_resched();
        }).starts_with("bugcheck: "));
  CHECK(fault_of([] {
          __rcu_read_lock();
          kfree(__kmalloc(8, kKernel));
          __rcu_read_unlock();
        }).starts_with("bugcheck: "));
  CHECK(fault_of([] {
          int lock = 0;
          _raw_spin_lock_bh(&lock);
          _raw_spin_unlock_bh(&lock);
          __SCT__might_resched();
        }).empty());
}

TEST_CASE("the network's lock is one") {
  CHECK(rtnl_is_locked() == 0);
  rtnl_lock();
  CHECK(rtnl_is_locked() != 0);
  rtnl_unlock();
  CHECK(rtnl_is_locked() == 0);
  CHECK(fault_of([] { rtnl_lock(), rtnl_lock(); }).starts_with("bugcheck: "));
}

TEST_CASE("a damaged list is a bug check") {
  list_head head{}, entry{}, other{};
  head = {&head, &head};
  CHECK(__list_add_valid(&entry, &head, &head));
  head = {&entry, &entry};
  entry = {&head, &head};
  CHECK(__list_del_entry_valid(&entry));
  static list_head *shared_head, *shared_entry;
  shared_head = &head;
  shared_entry = &entry;
  CHECK(fault_of([] { __list_add_valid(shared_entry, shared_entry, shared_head); }) ==
        "bugcheck: list_add corruption: the entry is in the list already");
  entry.next = &other;
  CHECK(fault_of([] { __list_del_entry_valid(shared_entry); }) ==
        "bugcheck: list_del corruption: its neighbours do not know the entry");
  entry = {reinterpret_cast<list_head*>(0xdead000000000100), reinterpret_cast<list_head*>(0xdead000000000122)};
  CHECK(fault_of([] { __list_del_entry_valid(shared_entry); }) ==
        "bugcheck: list_del corruption: the entry was deleted before");
}

TEST_CASE("work runs once, when somebody waits for it") {
  work_struct first{0, {}, run_work}, second{0, {}, run_work}, endless{0, {}, run_work_again};
  num_runs = 0;
  CHECK(queue_work_on(0, nullptr, &first));
  CHECK_FALSE(queue_work_on(0, nullptr, &first));
  CHECK(queue_work_on(0, nullptr, &second));
  CHECK(num_runs == 0);
  CHECK(cancel_work_sync(&second));
  CHECK_FALSE(cancel_work_sync(&second));
  CHECK(flush_work(&first));
  CHECK_FALSE(flush_work(&first));
  CHECK(num_runs == 1);
  queue_work_on(0, nullptr, &endless);
  __flush_workqueue(nullptr);
  CHECK(num_runs == 2);
  sluice_kernel_begin();
  __flush_workqueue(nullptr);
  CHECK(num_runs == 2);
}

TEST_CASE("a module that finds itself damaged is stopped") {
  CHECK(fault_of(__kernel___stack_chk_fail) == "bugcheck: stack-protector: the kernel's stack is corrupted");
  CHECK(fault_of([] { fortify_panic("memcpy"); }) == "bugcheck: buffer overflow detected in memcpy");
}

TEST_CASE("warnings are lines of the log") {
  sluice_kernel_begin();
  __warn_printk(
      "\001"
      "4one %lx\n",
      0x123456789L);
  int count = 0;
  refcount_warn_saturate(&count, 3);
  REQUIRE(sluice_kernel_num_log_lines() == 2);
  CHECK(std::string(sluice_kernel_log_line(0)) == "one 123456789");
  CHECK(std::string(sluice_kernel_log_line(1)) == "refcount_t: sub: underflow");
  CHECK(count < 0);
  sluice_kernel_begin();
}

TEST_CASE("the kernel's table of characters is that of ASCII") {
  for (int c = 0; c < 128; ++c) {
    CAPTURE(c);
    CHECK(((_ctype[c] & 3) != 0) == (std::isalpha(c) != 0));
    CHECK(((_ctype[c] & 1) != 0) == (std::isupper(c) != 0));
    CHECK(((_ctype[c] & 4) != 0) == (std::isdigit(c) != 0));
    CHECK(((_ctype[c] & 8) != 0) == (std::iscntrl(c) != 0));
    CHECK(((_ctype[c] & 0x10) != 0) == (std::ispunct(c) != 0));
    CHECK(((_ctype[c] & 0x20) != 0) == (std::isspace(c) != 0));
    CHECK(((_ctype[c] & 0x44) != 0) == (std::isxdigit(c) != 0));
  }
}

TEST_CASE("numbers, bits and text") {
  CHECK(gcd(12, 18) == 6);
  CHECK(gcd(7, 0) == 7);
  const unsigned long bits[2] = {1ul << 63, 1ul << 5};
  CHECK(_find_first_bit(bits, 128) == 63);
  CHECK(_find_next_bit(bits, 128, 64) == 69);
  CHECK(_find_next_bit(bits, 69, 64) == 69);
  CHECK(_find_next_bit(bits, 128, 70) == 128);
  CHECK(_find_next_zero_bit(bits, 128, 63) == 64);
  CHECK(__msecs_to_jiffies(1) == 1);
  CHECK(__msecs_to_jiffies(1000) == 250);
  CHECK(jiffies_to_msecs(250) == 1000);
  CHECK(nr_cpu_ids == 1);
  CHECK(__cpu_online_mask[0] == 1);
  char text[32];
  CHECK(__kernel_sprintf(text, "%s=%ld", "x", 1L << 40) == 15);
  CHECK(std::string(text) == "x=1099511627776");
}
