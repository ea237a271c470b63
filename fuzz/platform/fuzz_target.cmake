# sluice_fuzz_target(target MAX_LEN bytes CORPUS folder [DICTIONARY file] [DEPENDS target...])
#
# Gives a fuzz target what a platform looks for beside it: `target_seed_corpus.zip`, `target.options`, `target.dict`. All of
# it is installed as the component fuzz_targets, with the libraries that it is linked with:
#
#   cmake --build BUILD --target fuzz_targets && cmake --install BUILD --component fuzz_targets --prefix $OUT
include_guard(GLOBAL)
add_custom_target(fuzz_targets ALL)
if(SLUICE_FUZZING_ENGINE)  # it runs before a sanitizer does
  add_library(sluice_abort_on_error OBJECT ${CMAKE_CURRENT_LIST_DIR}/abort_on_error.cc)
  target_compile_options(sluice_abort_on_error PRIVATE -fno-sanitize=all -fno-sanitize-coverage=trace-pc-guard,trace-cmp)
endif()

function(sluice_fuzz_target name)
  cmake_parse_arguments(FUZZED "" "MAX_LEN;CORPUS;DICTIONARY" "DEPENDS" ${ARGN})
  set(folder ${CMAKE_BINARY_DIR}/fuzz_targets)
  set(zip ${folder}/${name}_seed_corpus.zip)
  set(options "[libfuzzer]\nmax_len = ${FUZZED_MAX_LEN}\n")
  if(FUZZED_DICTIONARY)
    string(APPEND options "dict = ${name}.dict\n")
    install(FILES ${FUZZED_DICTIONARY} RENAME ${name}.dict DESTINATION . COMPONENT fuzz_targets EXCLUDE_FROM_ALL)
  endif()
  file(MAKE_DIRECTORY ${folder})
  file(CONFIGURE OUTPUT ${folder}/${name}.options CONTENT "${options}")
  # The folder's name in the archive does not matter, and its inputs are too many for a command line.
  get_filename_component(parent ${FUZZED_CORPUS} DIRECTORY)
  get_filename_component(inputs ${FUZZED_CORPUS} NAME)
  add_custom_command(OUTPUT ${zip}
    COMMAND ${CMAKE_COMMAND} -E tar cf ${zip} --format=zip ${inputs}
    DEPENDS ${FUZZED_DEPENDS} WORKING_DIRECTORY ${parent} VERBATIM)
  add_custom_target(${name}_beside DEPENDS ${zip})
  add_dependencies(fuzz_targets ${name} ${name}_beside)
  # Libraries travel in lib/, for those that another library needs, too: hence no RUNPATH.
  set_target_properties(${name} PROPERTIES INSTALL_RPATH $ORIGIN/lib)
  target_link_options(${name} PRIVATE -Wl,--disable-new-dtags)
  if(SLUICE_FUZZING_ENGINE)
    target_link_libraries(${name} PRIVATE sluice_abort_on_error)
  endif()
  install(TARGETS ${name} RUNTIME DESTINATION . COMPONENT fuzz_targets EXCLUDE_FROM_ALL)
  install(FILES ${zip} ${folder}/${name}.options DESTINATION . COMPONENT fuzz_targets EXCLUDE_FROM_ALL)
  install(CODE "list(APPEND sluice_fuzzers \"$<TARGET_FILE:${name}>\")" COMPONENT fuzz_targets EXCLUDE_FROM_ALL)
endfunction()
