# Run when fuzz targets are installed: copies the libraries that `sluice_fuzzers` need. What every image of a platform has
# stays: the C library, and what gcc's unwinder is in.
file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${sluice_fuzzers} RESOLVED_DEPENDENCIES_VAR libraries
  PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv|gcc_s)\\.so")
foreach(library ${libraries})
  get_filename_component(name ${library} NAME)
  file(REAL_PATH ${library} file)
  file(INSTALL ${file} DESTINATION ${CMAKE_INSTALL_PREFIX}/lib RENAME ${name})
endforeach()
