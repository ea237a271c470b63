# sluice_windows_driver(NAME target OUTPUT file.sys SOURCES file... [DEFINES NAME=VALUE...] [MACHINE x86_64|aarch64]
#                       [IMPORTS name...] [EXPORTS name...] [COMPILE option...] [LINK option...] [OBJECTS file...])
#
# Builds a driver's source as it would be for Windows: a PE image and, beside it, file.pdb. The target is the file.
# Two builds of the same source are the same bytes, wherever they are made: source files are named /sluice/fuzz/...
#
#   IMPORTS  what the driver calls of ntoskrnl.exe beyond what the headers in fuzz/kernel_api/wdk declare
#   EXPORTS  functions that the image exports; the others are found in the PDB
#   OBJECTS  what another driver was compiled to, by the same DEFINES: `folder/name.objects/source.obj` of its file.sys
#
# Needs clang, lld-link and llvm-dlltool; without them SLUICE_CAN_BUILD_WINDOWS_DRIVERS is off.
set(SLUICE_WDK ${CMAKE_SOURCE_DIR}/fuzz/kernel_api/wdk)
find_program(SLUICE_LLD_LINK NAMES lld-link-19 lld-link)
find_program(SLUICE_DLLTOOL NAMES llvm-dlltool-19 llvm-dlltool)
# A driver that ships has nothing of a fuzzing engine in it, whose compiler may be this build's.
if(SLUICE_FUZZING_ENGINE)
  find_program(SLUICE_SHIPPING_CLANG NAMES clang-19 clang)
elseif(CMAKE_C_COMPILER_ID STREQUAL "Clang")
  set(SLUICE_SHIPPING_CLANG ${CMAKE_C_COMPILER})
endif()
set(SLUICE_CAN_BUILD_WINDOWS_DRIVERS OFF)
if(SLUICE_LLD_LINK AND SLUICE_DLLTOOL AND SLUICE_SHIPPING_CLANG)
  set(SLUICE_CAN_BUILD_WINDOWS_DRIVERS ON)
endif()

# What the compiler itself calls, and ntoskrnl.exe exports.
set(SLUICE_NTOSKRNL_FOR_COMPILERS memcpy memmove memset memcmp __chkstk __C_specific_handler)

function(sluice_list_ntoskrnl names)
  set(list ${SLUICE_NTOSKRNL_FOR_COMPILERS})
  file(GLOB headers ${SLUICE_WDK}/*.h)
  foreach(header ${headers})
    file(STRINGS ${header} declarations REGEX "^(DECLSPEC_NORETURN )?NT(SYS|KERNEL|HAL)API ")
    foreach(declaration ${declarations})
      if(declaration MATCHES "([A-Za-z_][A-Za-z0-9_]*) ?\\(")
        list(APPEND list ${CMAKE_MATCH_1})
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES list)
  set(${names} ${list} PARENT_SCOPE)
endfunction()

function(sluice_windows_driver)
  cmake_parse_arguments(DRIVER "" "NAME;OUTPUT;MACHINE" "SOURCES;DEFINES;IMPORTS;EXPORTS;COMPILE;LINK;OBJECTS" ${ARGN})
  set(machine_options -mno-implicit-float)
  set(machine_name i386:x86-64)
  if(DRIVER_MACHINE STREQUAL "aarch64")
    set(machine_options -mgeneral-regs-only)
    set(machine_name arm64)
  else()
    set(DRIVER_MACHINE x86_64)
  endif()
  get_filename_component(folder ${DRIVER_OUTPUT} DIRECTORY)
  get_filename_component(name ${DRIVER_OUTPUT} NAME_WLE)
  set(objects_folder ${folder}/${name}.objects)
  file(MAKE_DIRECTORY ${objects_folder})

  sluice_list_ntoskrnl(imports)
  list(APPEND imports ${DRIVER_IMPORTS})
  list(REMOVE_DUPLICATES imports)
  list(JOIN imports "\n" import_lines)
  file(CONFIGURE OUTPUT ${objects_folder}/ntoskrnl.def CONTENT "LIBRARY ntoskrnl.exe\nEXPORTS\n${import_lines}\n")
  add_custom_command(OUTPUT ${objects_folder}/ntoskrnl.lib
    COMMAND ${SLUICE_DLLTOOL} -m ${machine_name} -d ntoskrnl.def -l ntoskrnl.lib
    DEPENDS ${objects_folder}/ntoskrnl.def
    WORKING_DIRECTORY ${objects_folder}
    VERBATIM)

  list(TRANSFORM DRIVER_DEFINES PREPEND -D)
  set(objects)
  set(object_names)
  foreach(source ${DRIVER_SOURCES})
    get_filename_component(source ${source} ABSOLUTE)
    get_filename_component(object ${source} NAME_WLE)
    set(object ${object}.obj)
    add_custom_command(OUTPUT ${objects_folder}/${object}
      COMMAND ${SLUICE_SHIPPING_CLANG} --target=${DRIVER_MACHINE}-pc-windows-msvc -std=c11 -O2 -g -gcodeview
        -gno-codeview-command-line -ffreestanding -nostdlibinc -fasynchronous-unwind-tables ${machine_options}
        -fdebug-compilation-dir=. -ffile-prefix-map=${CMAKE_SOURCE_DIR}=/sluice -I ${CMAKE_SOURCE_DIR} -isystem ${SLUICE_WDK}
        -Wall -Wextra -Wno-multichar -Werror ${DRIVER_DEFINES} ${DRIVER_COMPILE}
        -MD -MF ${object}.d -MT ${objects_folder}/${object} -c ${source} -o ${object}
      DEPENDS ${source}
      DEPFILE ${objects_folder}/${object}.d
      WORKING_DIRECTORY ${objects_folder}
      VERBATIM)
    list(APPEND object_names ${object})
    list(APPEND objects ${objects_folder}/${object})
  endforeach()

  foreach(object ${DRIVER_OBJECTS})
    file(RELATIVE_PATH object_name ${objects_folder} ${object})
    list(APPEND object_names ${object_name})
    list(APPEND objects ${object})
  endforeach()

  list(TRANSFORM DRIVER_EXPORTS PREPEND /export:)
  add_custom_command(OUTPUT ${DRIVER_OUTPUT} ${folder}/${name}.pdb
    COMMAND ${SLUICE_LLD_LINK} /driver /subsystem:native /nodefaultlib /entry:DriverEntry /debug /Brepro
      /pdbaltpath:%_PDB% /pdbsourcepath:/sluice /noimplib ${DRIVER_EXPORTS} ${DRIVER_LINK}
      /pdb:../${name}.pdb /out:../${name}.sys ${object_names} ntoskrnl.lib
    DEPENDS ${objects} ${objects_folder}/ntoskrnl.lib
    WORKING_DIRECTORY ${objects_folder}
    VERBATIM)
  add_custom_target(${DRIVER_NAME} DEPENDS ${DRIVER_OUTPUT})
endfunction()
