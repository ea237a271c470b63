#define VERSION 99
#include "misbehave.h"
