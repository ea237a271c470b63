// Expressions -> instructions that leave one value.
#include "validator/expression/check.h"
#include "validator/schema/compiler.h"

namespace sluice::schema {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using expression::Method;
using expression::TypeKind;
using program::Tag;
using program::Value;

void Compiler::compile_value(const Expression& expression) {
  const std::uint32_t begin = here();
  compile(*expression.expr);
  code_.places.push_back({.begin = begin, .end = here(), .text = expression.text, .path = expression.path});
}

void Compiler::compile(const Expr& e) {
  switch (e.kind) {
    case ExprKind::integer:
      if (e.value >= INT64_MIN && e.value <= INT64_MAX) {
        emit(Op::push_integer, 0, 0, static_cast<std::int64_t>(e.value));
      } else {
        emit(Op::push_constant, 0, program_.add_constant(Value::integer(e.value)));
      }
      return;
    case ExprKind::floating: emit(Op::push_constant, 0, program_.add_constant(Value::floating(e.number))); return;
    case ExprKind::boolean: emit(Op::push_constant, 0, program_.add_constant(Value::boolean(e.value != 0))); return;
    case ExprKind::string: emit(Op::push_constant, 0, text(e.text)); return;
    case ExprKind::fstring:
      for (const auto& child : e.children) compile(*child);
      emit(Op::concatenate, 0, e.children.size());
      return;
    case ExprKind::array: compile_array(e, e.type.is(TypeKind::bytes)); return;
    case ExprKind::name: compile_name(e); return;
    case ExprKind::enum_label: {
      Value v = Value::integer(e.value);
      v.tag = Tag::enumeration;
      v.enum_id = e.type.enum_id;
      emit(Op::push_constant, 0, program_.add_constant(v));
      return;
    }
    case ExprKind::unary:
      compile(*e.children[0]);
      emit(Op::unary, static_cast<std::uint64_t>(e.unary_op));
      return;
    case ExprKind::binary: {
      compile(*e.children[0]);
      if (e.binary_op == BinaryOp::logical_and || e.binary_op == BinaryOp::logical_or) {
        const std::uint32_t jump =
            emit(e.binary_op == BinaryOp::logical_and ? Op::jump_if_false_keep : Op::jump_if_true_keep);
        compile(*e.children[1]);
        land(jump);
        return;
      }
      const Expr& right = *e.children[1];
      if (is_comparison(e) && is_plain_constant(right)) {
        emit(Op::compare_constant, static_cast<std::uint64_t>(e.binary_op), 0, static_cast<std::int64_t>(right.value));
        return;
      }
      compile(right);
      emit(Op::binary, static_cast<std::uint64_t>(e.binary_op));
      return;
    }
    case ExprKind::conditional: {
      compile(*e.children[0]);
      const std::uint32_t otherwise = emit(Op::jump_if_false);
      compile(*e.children[1]);
      const std::uint32_t end = emit(Op::jump);
      land(otherwise);
      compile(*e.children[2]);
      land(end);
      return;
    }
    case ExprKind::attribute: compile_attribute(e); return;
    case ExprKind::call: compile_call(e); return;
    case ExprKind::subscript:
      if (e.children[0]->binding.kind == Binding::Kind::build_inputs) {
        compile(*e.children[1]);
        emit(Op::look_up_inputs, e.children[0]->binding.index);
        return;
      }
      compile(*e.children[0]);
      compile(*e.children[1]);
      emit(Op::index);
      return;
    case ExprKind::cast: {
      const Expr& child = *e.children[0];
      if (child.kind == ExprKind::array) {
        compile_array(child, e.type.is(TypeKind::bytes));
        return;
      }
      compile(child);
      if (e.type.is(TypeKind::structure) && e.type.type_id != kNoType) emit(Op::cast, 0, 0, e.type.type_id);
      return;
    }
    case ExprKind::size_of_type: emit(Op::push_integer, 0, 0, static_cast<std::int64_t>(e.binding.size)); return;
  }
}

void Compiler::compile_name(const Expr& e) {
  switch (e.binding.kind) {
    case Binding::Kind::member: emit(Op::load, 0, e.binding.index); return;
    case Binding::Kind::root:
      emit(Op::push_self);
      emit(Op::root_of);
      return;
    case Binding::Kind::parent:
      emit(Op::push_self);
      emit(Op::parent_of);
      return;
    case Binding::Kind::io:
      emit(Op::push_self);
      emit(Op::stream_of);
      return;
    case Binding::Kind::index: emit(Op::push_index); return;
    case Binding::Kind::element: emit(Op::push_element); return;
    case Binding::Kind::size_of: emit(Op::push_integer, 0, 0, static_cast<std::int64_t>(e.binding.size)); return;
    case Binding::Kind::top: emit(Op::push_top); return;
    case Binding::Kind::local: emit(Op::push_local, 0, e.binding.index); return;
    case Binding::Kind::build:
    case Binding::Kind::build_cap:
    case Binding::Kind::build_inputs:
    case Binding::Kind::switch_value:
    case Binding::Kind::method:
    case Binding::Kind::none: emit(Op::push_null); return;
  }
}

void Compiler::compile_attribute(const Expr& e) {
  if (e.binding.kind == Binding::Kind::size_of) {
    emit(Op::push_integer, 0, 0, static_cast<std::int64_t>(e.binding.size));
    return;
  }
  if (e.binding.kind == Binding::Kind::build) {
    emit(Op::push_build, e.binding.index);
    return;
  }
  if (e.binding.kind == Binding::Kind::build_cap) {
    emit(Op::push_cap, 0, e.binding.index);
    return;
  }
  if (e.binding.kind == Binding::Kind::member) {
    const Expr& of = *e.children[0];
    if (is_field_of_element(e)) {
      emit(Op::load_element, 1, e.binding.index, e.binding.owner);
      return;
    }
    if (of.kind == ExprKind::name && of.binding.kind == Binding::Kind::local) {
      emit(Op::load_local, of.binding.index, e.binding.index, e.binding.owner);
      return;
    }
    if (of.kind == ExprKind::attribute && of.binding.kind == Binding::Kind::parent &&
        of.children[0]->kind == ExprKind::name && of.children[0]->binding.kind == Binding::Kind::element) {
      emit(Op::load_outer, 1, e.binding.index, e.binding.owner);
      return;
    }
  }
  compile(*e.children[0]);
  switch (e.binding.kind) {
    case Binding::Kind::member: emit(Op::load_of, 1, e.binding.index, e.binding.owner); return;
    case Binding::Kind::root: emit(Op::root_of); return;
    case Binding::Kind::parent: emit(Op::parent_of); return;
    case Binding::Kind::io: emit(Op::stream_of); return;
    case Binding::Kind::method: compile_call(e); return;
    default:
      emit(Op::pop);
      emit(Op::push_null);
      return;
  }
}

// `x.method` and `x.method(arguments)`; the receiver of the former is on the stack already.
void Compiler::compile_call(const Expr& e) {
  if (e.kind == ExprKind::call) compile(*e.children[0]);
  const bool names_encoding = (e.method == Method::to_s || e.method == Method::to_b) && e.children.size() > 1;
  std::uint32_t arguments = 0;
  std::uint32_t constant = 0;
  if (names_encoding) {
    constant = encoding(e.children[1]->text);
  } else {
    for (std::size_t k = 1; k < e.children.size(); ++k, ++arguments) compile(*e.children[k]);
  }
  emit(Op::call_method, static_cast<std::uint64_t>(e.method), arguments, constant);
}

void Compiler::compile_array(const Expr& e, bool as_bytes) {
  if (as_bytes) {
    std::string literal;
    bool constant = true;
    for (const auto& child : e.children) {
      const auto value = expression::constant_integer(*child);
      constant = constant && value && *value >= 0 && *value <= 0xFF;
      if (constant) literal += static_cast<char>(*value);
    }
    if (constant) {
      emit(Op::push_constant, 0, program_.add_text(literal, Tag::bytes));
      return;
    }
  }
  for (const auto& child : e.children) compile(*child);
  emit(as_bytes ? Op::make_bytes : Op::make_array, 0, e.children.size());
}

}  // namespace sluice::schema
