package dev.quern.runtime.wgpu;

import dev.quern.plan.Kernel;
import dev.quern.runtime.Gpu;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WGPUBindGroupDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUBindGroupEntry;
import dev.quern.runtime.wgpu.ffi.WGPUBindGroupLayoutDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUBindGroupLayoutEntry;
import dev.quern.runtime.wgpu.ffi.WGPUBufferBindingLayout;
import dev.quern.runtime.wgpu.ffi.WGPUBufferBindingType;
import dev.quern.runtime.wgpu.ffi.WGPUChainedStruct;
import dev.quern.runtime.wgpu.ffi.WGPUComputePipelineDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUComputeState;
import dev.quern.runtime.wgpu.ffi.WGPUPipelineLayoutDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUSType;
import dev.quern.runtime.wgpu.ffi.WGPUShaderModuleDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUShaderRuntimeChecks;
import dev.quern.runtime.wgpu.ffi.WGPUShaderSourceWGSL;
import dev.quern.runtime.wgpu.ffi.WGPUShaderStage;
import dev.quern.runtime.wgpu.ffi.WGPUStorageTextureAccess;
import dev.quern.runtime.wgpu.ffi.WGPUStorageTextureBindingLayout;
import dev.quern.runtime.wgpu.ffi.WGPUTextureBindingLayout;
import dev.quern.runtime.wgpu.ffi.WGPUTextureFormat;
import dev.quern.runtime.wgpu.ffi.WGPUTextureSampleType;
import dev.quern.runtime.wgpu.ffi.WGPUTextureViewDimension;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Compiles kernels and binds resources to them; owns all it makes until it is closed. */
final class WgpuPipelines {
    private final WgpuGpu owner;
    private final MemorySegment device;
    private final WgpuErrors errors;
    private final boolean checked;
    private final Map<List<Kernel.Access>, Layout> layouts = new LinkedHashMap<>();
    private final List<MemorySegment> pipelines = new ArrayList<>();
    private final Set<WgpuBindGroup> groups = new LinkedHashSet<>();

    private record Layout(MemorySegment group, MemorySegment pipeline) {}

    /**
     * For one device.
     *
     * @param checked whether kernels get the library's bounds checks and loop counters, wanted for finding errors only
     */
    WgpuPipelines(WgpuGpu owner, MemorySegment device, WgpuErrors errors, boolean checked) {
        this.owner = owner;
        this.device = device;
        this.errors = errors;
        this.checked = checked;
    }

    WgpuPipeline create(Kernel kernel) {
        for (Kernel.Feature feature : kernel.features()) {
            switch (feature) {
                case SUBGROUPS -> {
                    if (owner.info().maxSubgroupSize() == 0) {
                        throw new GpuException(
                                GpuException.Kind.VALIDATION,
                                "The kernel \"" + kernel.name() + "\" needs subgroups, which "
                                        + owner.info().name() + " does not offer. Compile for a profile without them.");
                    }
                }
            }
        }
        String attempted = "compiling the kernel \"" + kernel.name() + "\"";
        Layout layout = layouts.computeIfAbsent(kernel.bindings(), bindings -> layout(bindings, attempted));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment module = module(kernel, arena);
            if (errors.pending()) {
                release(module, WebGpu::wgpuShaderModuleRelease);
            }
            errors.check(attempted);
            MemorySegment descriptor = WGPUComputePipelineDescriptor.allocate(arena);
            WGPUComputePipelineDescriptor.label(descriptor, arena, kernel.name());
            WGPUComputePipelineDescriptor.layout(descriptor, layout.pipeline());
            MemorySegment compute = WGPUComputePipelineDescriptor.compute(descriptor);
            WGPUComputeState.module(compute, module);
            WGPUComputeState.entryPoint(compute, arena, kernel.entryPoint());
            MemorySegment pipeline = WebGpu.wgpuDeviceCreateComputePipeline(device, descriptor);
            WebGpu.wgpuShaderModuleRelease(module);
            if (errors.pending()) {
                release(pipeline, WebGpu::wgpuComputePipelineRelease);
            }
            errors.check(attempted);
            pipelines.add(pipeline);
            return new WgpuPipeline(owner, kernel, pipeline, layout.group());
        }
    }

    /** Releases a refused object, if the library made one at all. */
    private static void release(MemorySegment object, Consumer<MemorySegment> release) {
        if (object.address() != 0) {
            release.accept(object);
        }
    }

    private MemorySegment module(Kernel kernel, Arena arena) {
        MemorySegment source = WGPUShaderSourceWGSL.allocate(arena);
        WGPUChainedStruct.sType(WGPUShaderSourceWGSL.chain(source), WGPUSType.SHADER_SOURCE_WGSL);
        WGPUShaderSourceWGSL.code(source, arena, kernel.source());
        MemorySegment descriptor = WGPUShaderModuleDescriptor.allocate(arena);
        WGPUShaderModuleDescriptor.nextInChain(descriptor, source);
        WGPUShaderModuleDescriptor.label(descriptor, arena, kernel.name());
        return checked
                ? WebGpu.wgpuDeviceCreateShaderModule(device, descriptor)
                : WebGpu.wgpuDeviceCreateShaderModuleTrusted(device, descriptor, WGPUShaderRuntimeChecks.NONE);
    }

    private Layout layout(List<Kernel.Access> bindings, String attempted) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entries = WGPUBindGroupLayoutEntry.allocate(arena, Math.max(1, bindings.size()));
            for (int i = 0; i < bindings.size(); i++) {
                MemorySegment entry = WGPUBindGroupLayoutEntry.at(entries, i);
                WGPUBindGroupLayoutEntry.binding(entry, i);
                WGPUBindGroupLayoutEntry.visibility(entry, WGPUShaderStage.COMPUTE);
                switch (bindings.get(i)) {
                    case READ ->
                        WGPUBufferBindingLayout.type(
                                WGPUBindGroupLayoutEntry.buffer(entry), WGPUBufferBindingType.READ_ONLY_STORAGE);
                    case READ_WRITE ->
                        WGPUBufferBindingLayout.type(
                                WGPUBindGroupLayoutEntry.buffer(entry), WGPUBufferBindingType.STORAGE);
                    case UNIFORM ->
                        WGPUBufferBindingLayout.type(
                                WGPUBindGroupLayoutEntry.buffer(entry), WGPUBufferBindingType.UNIFORM);
                    case TEXTURE -> {
                        MemorySegment texture = WGPUBindGroupLayoutEntry.storageTexture(entry);
                        WGPUStorageTextureBindingLayout.access(texture, WGPUStorageTextureAccess.READ_ONLY);
                        WGPUStorageTextureBindingLayout.format(texture, WGPUTextureFormat.RGBA32_UINT);
                        WGPUStorageTextureBindingLayout.viewDimension(texture, WGPUTextureViewDimension._2D);
                    }
                    case SAMPLED_TEXTURE -> {
                        MemorySegment texture = WGPUBindGroupLayoutEntry.texture(entry);
                        WGPUTextureBindingLayout.sampleType(texture, WGPUTextureSampleType.UINT);
                        WGPUTextureBindingLayout.viewDimension(texture, WGPUTextureViewDimension._2D);
                    }
                }
            }
            MemorySegment groupDescriptor = WGPUBindGroupLayoutDescriptor.allocate(arena);
            WGPUBindGroupLayoutDescriptor.entryCount(groupDescriptor, bindings.size());
            WGPUBindGroupLayoutDescriptor.entries(groupDescriptor, entries);
            MemorySegment group = WebGpu.wgpuDeviceCreateBindGroupLayout(device, groupDescriptor);
            errors.check(attempted);
            MemorySegment descriptor = WGPUPipelineLayoutDescriptor.allocate(arena);
            WGPUPipelineLayoutDescriptor.bindGroupLayoutCount(descriptor, 1);
            WGPUPipelineLayoutDescriptor.bindGroupLayouts(descriptor, arena.allocateFrom(ValueLayout.ADDRESS, group));
            MemorySegment pipeline = WebGpu.wgpuDeviceCreatePipelineLayout(device, descriptor);
            errors.check(attempted);
            return new Layout(group, pipeline);
        }
    }

    WgpuBindGroup bind(WgpuPipeline pipeline, List<Gpu.Binding> bindings) {
        Kernel kernel = pipeline.kernel();
        String attempted = "binding resources to the kernel \"" + kernel.name() + "\"";
        if (bindings.size() != kernel.bindings().size()) {
            throw new GpuException(
                    GpuException.Kind.VALIDATION,
                    "The kernel \"" + kernel.name() + "\" has "
                            + kernel.bindings().size() + " bindings, but " + bindings.size()
                            + " resources were given.");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entries = WGPUBindGroupEntry.allocate(arena, Math.max(1, bindings.size()));
            for (int i = 0; i < bindings.size(); i++) {
                MemorySegment entry = WGPUBindGroupEntry.at(entries, i);
                WGPUBindGroupEntry.binding(entry, i);
                switch (bindings.get(i)) {
                    case Gpu.Binding.OfBuffer part -> {
                        WGPUBindGroupEntry.buffer(
                                entry, owner.own(part.buffer()).handle());
                        WGPUBindGroupEntry.offset(entry, part.offset());
                        WGPUBindGroupEntry.size(entry, part.bytes());
                    }
                    case Gpu.Binding.OfTexture whole ->
                        WGPUBindGroupEntry.textureView(
                                entry, owner.own(whole.texture()).view());
                }
            }
            MemorySegment descriptor = WGPUBindGroupDescriptor.allocate(arena);
            WGPUBindGroupDescriptor.label(descriptor, arena, kernel.name());
            WGPUBindGroupDescriptor.layout(descriptor, pipeline.layout());
            WGPUBindGroupDescriptor.entryCount(descriptor, bindings.size());
            WGPUBindGroupDescriptor.entries(descriptor, entries);
            MemorySegment group = WebGpu.wgpuDeviceCreateBindGroup(device, descriptor);
            if (errors.pending()) {
                release(group, WebGpu::wgpuBindGroupRelease);
            }
            errors.check(attempted);
            var result = new WgpuBindGroup(owner, group, kernel.name());
            groups.add(result);
            for (Gpu.Binding binding : bindings) {
                switch (binding) {
                    case Gpu.Binding.OfBuffer part -> owner.own(part.buffer()).boundBy(result);
                    case Gpu.Binding.OfTexture whole ->
                        owner.own(whole.texture()).boundBy(result);
                }
            }
            return result;
        }
    }

    void forget(WgpuBindGroup group) {
        groups.remove(group);
    }

    /** Releases everything. */
    void close() {
        List.copyOf(groups).forEach(group -> group.close("the device"));
        pipelines.forEach(WebGpu::wgpuComputePipelineRelease);
        layouts.values().forEach(layout -> {
            WebGpu.wgpuPipelineLayoutRelease(layout.pipeline());
            WebGpu.wgpuBindGroupLayoutRelease(layout.group());
        });
    }
}
