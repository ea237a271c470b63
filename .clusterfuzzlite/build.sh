#!/bin/bash -eu
# Builds all fuzz targets into $OUT, by the contract of OSS-Fuzz and ClusterFuzzLite (docs/clusterfuzzlite.md).

# The distribution's C++ libraries, which are linked, have libstdc++.
export CXXFLAGS=${CXXFLAGS//-stdlib=libc++/}

cmake -G Ninja -S "$SRC/sluice" -B "$WORK/sluice" -DSLUICE_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" -DSLUICE_TESTS=OFF \
  -DSLUICE_WERROR=OFF
cmake --build "$WORK/sluice" -j "$(nproc)" --target fuzz_targets
cmake --install "$WORK/sluice" --component fuzz_targets --prefix "$OUT"
