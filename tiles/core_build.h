/* What a builder gathered becomes a core: sorted, indexed, values numbered anew and frozen. */
#ifndef MQT_CORE_BUILD_H
#define MQT_CORE_BUILD_H

#include "builder.h"

/* The builder is left as it is but for the order of its entries. */
enum mqt_err mqt_core_build(struct mqt_layer_builder *builder, struct mqt_core **core) MQT_MUST_USE;

#endif
