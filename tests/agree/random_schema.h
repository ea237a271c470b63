// Schemas drawn at random, larger than the vocabulary's: types within types, parameters, references up and down,
// processes, checksums. Most load; those that do not are the loader's to refuse.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace sluice::agree {

class RandomSchema {
 public:
  explicit RandomSchema(std::uint64_t seed) : random_(seed) {}
  // The .ksy of the next schema.
  [[nodiscard]] std::string draw();
  [[nodiscard]] std::vector<std::uint8_t> draw_content(std::size_t longest);

 private:
  enum class Shape : std::uint8_t { integer, bits, bytes, text, structure, switched };
  struct Field {
    std::string id;
    Shape shape = Shape::integer;
    std::string type = {};      // as written: `u2le`, `t1`
    std::size_t structure = 0;  // index in types_
    bool repeated = false;
  };
  struct Type {
    std::string name;
    std::vector<Field> fields;
    std::vector<Field> instances;  // integers all
    bool has_parameter = false;
    std::size_t user = 0;  // the one type that uses this one
    bool shared = false;   // or there are several
  };
  struct Here {  // where an expression stands
    std::size_t type = 0;
    std::size_t fields = 0;  // how many of the type's fields come before it
    bool in_seq = true;
    bool has_index = false;
    bool has_element = false;
  };

  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  template <std::size_t N>
  std::string one_of(const char* const (&choices)[N]) {
    return choices[below(N)];
  }

  void draw_skeleton();
  Field draw_field(std::size_t type, std::size_t i);
  std::string integer(const Here& here, int depth = 2);
  std::string boolean(const Here& here, int depth = 2);
  std::string reference(const Here& here);
  std::string integer_of(const Type& type, std::size_t fields, const std::string& prefix, int depth);
  std::string write_type(std::size_t t);
  std::string write_field(std::size_t t, std::size_t i);
  std::string write_data(const Field& f, const Here& here);
  std::string write_sizing(const Field& f, const Here& here);
  std::string write_process(const Here& here);
  std::string write_repeat(const Here& here);
  std::string write_valid(const Field& f, const Here& here);
  std::string write_instance(std::size_t t, std::size_t i);
  std::string use(std::size_t t, const Here& here);

  std::mt19937_64 random_;
  std::vector<Type> types_;
};

}  // namespace sluice::agree
