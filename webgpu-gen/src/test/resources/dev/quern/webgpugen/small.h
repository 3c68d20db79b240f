/** A header in the manner of webgpu.h, with one of each thing that the generator knows. */
#ifndef SMALL_H_
#define SMALL_H_
#include <stdint.h>

/** Marks a length that the callee finds out. */
#define WGPU_LENGTH_UNKNOWN (SIZE_MAX)
#define WGPU_SMALL_INIT _wgpu_MAKE_INIT_STRUCT(WGPUSmall, { \
    /*.next=*/NULL _wgpu_COMMA \
})

typedef uint64_t WGPUFlags;
typedef uint32_t WGPUBool;
typedef struct WGPUMillImpl* WGPUMill WGPU_OBJECT_ATTRIBUTE;

typedef struct WGPUStringView {
    WGPU_NULLABLE char const * data;
    size_t length;
} WGPUStringView WGPU_STRUCTURE_ATTRIBUTE;

/** How fine the flour is; see @ref wgpuMillGrind. */
typedef enum WGPUGrade {
    /** Coarse: `a < b` & more. */
    WGPUGrade_Coarse = 0x00000001,
    WGPUGrade_Medium = 0x00000002, // of the medium grade, not of the next
    WGPUGrade_Fine2D = 0x00000003,
    WGPUGrade_Force32 = 0x7FFFFFFF
} WGPUGrade WGPU_ENUM_ATTRIBUTE;

typedef WGPUFlags WGPUGrain;
static const WGPUGrain WGPUGrain_Rye = 1 << 0;
/** Any grain. */
static const WGPUGrain WGPUGrain_Any = (1 << 0) | (1 << 4);

typedef struct WGPUMillDescriptor {
    WGPUStringView label;
    WGPUGrade grade;
    WGPUGrain grains;
    WGPUBool wet;
    union { uint16_t narrow; double wide; } gap;
} WGPUMillDescriptor WGPU_STRUCTURE_ATTRIBUTE;

typedef void (*WGPUGroundCallback)(WGPUGrade grade, WGPUStringView message, WGPU_NULLABLE void* userdata) WGPU_FUNCTION_ATTRIBUTE;

#ifdef __cplusplus
extern "C" {
#endif
// Grinds, and tells how much came out.
WGPU_EXPORT uint64_t wgpuMillGrind(WGPUMill mill, WGPUGrade grade, WGPUBool wait, WGPUGroundCallback callback) WGPU_FUNCTION_ATTRIBUTE;
WGPU_EXPORT WGPUStringView wgpuMillName(WGPUMill mill, WGPUMillDescriptor const * descriptor) WGPU_FUNCTION_ATTRIBUTE;
WGPU_EXPORT void wgpuMillNotWanted(void) WGPU_FUNCTION_ATTRIBUTE;
#ifdef __cplusplus
}
#endif
#endif
