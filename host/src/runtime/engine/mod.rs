//! One engine for all plugins, the clock that ticks for it, and the compiler.

mod compile;

use std::time::Duration;

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

pub(crate) use compile::{Compiled, check_size};
pub use compile::{Compiler, compile_file};

use super::errors::LoadError;

/// How often the epoch grows: the grain of the CPU limit.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// How many calls can be running at once in the pool.
pub(crate) const POOL_SLOTS: u32 = 128;

/// The stack of WebAssembly code in bytes; deeper recursion is a fault of the plugin.
const WASM_STACK_BYTES: usize = 512 << 10;

/// How much of a slot's memory is cleaned in place instead of given back: a usual call writes less, and giving pages
/// back stops every thread of the process for a moment, twice with the faults that bring them back. Only with a kernel
/// that tells which pages were written (Linux 6.7). The slot used last is used next, while its memory is in the caches;
/// `decommit_batch_size` would go round all of them.
const RESIDENT_BYTES: usize = 1 << 20;

/// As [`RESIDENT_BYTES`], of a stack: this much is written with zeroes after each call.
const RESIDENT_STACK_BYTES: usize = 64 << 10;

/// The most elements of a table; guests of all languages need a few thousand.
pub(crate) const TABLE_ELEMENTS: usize = 50_000;

/// What the code of a plugin may be; the same for the pool, without it, and in the compiling child, so that the
/// compiled form fits all three.
fn config() -> Config {
    let mut config = Config::new();
    config
        .memory_init_cow(true)
        .parallel_compilation(true)
        .epoch_interruption(true)
        .consume_fuel(true)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(1 << 20)
        .async_stack_zeroing(true)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_gc(false)
        .wasm_tail_call(false)
        .wasm_relaxed_simd(false)
        .wasm_wide_arithmetic(false)
        .cranelift_nan_canonicalization(true);
    config
}

/// An engine that only compiles, for the child process.
///
/// # Errors
/// [`LoadError::Engine`] when this machine cannot run the compiler.
pub(crate) fn compiling() -> Result<Engine, LoadError> {
    let mut config = config();
    config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
    Engine::new(&config).map_err(|error| LoadError::Engine(format!("{error:#}")))
}

/// The engine that calls run in: with a pool of ready slots where the machine has the address space for it (each
/// slot reserves 4 GiB of addresses, not of memory), without one elsewhere; then an instance takes some 50 µs more.
///
/// # Errors
/// [`LoadError::Engine`] when neither works.
pub(crate) fn start() -> Result<Engine, LoadError> {
    let mut pooled = config();
    pooled.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    let engine = match Engine::new(&pooled) {
        Ok(engine) => engine,
        Err(error) => {
            let reason = format!("{error:#}");
            tracing::warn!(reason, "plugins run without a pool, a little slower: no room for its addresses");
            compiling()?
        }
    };
    tick(&engine)?;
    Ok(engine)
}

fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(POOL_SLOTS)
        .total_stacks(POOL_SLOTS)
        .total_memories(POOL_SLOTS)
        .total_tables(4 * POOL_SLOTS)
        // A counter, not memory: Python guests have 38 of them each.
        .total_core_instances(64 * POOL_SLOTS)
        .max_core_instances_per_component(64)
        .max_memories_per_component(1)
        .max_tables_per_component(16)
        .max_tables_per_module(8)
        .table_elements(TABLE_ELEMENTS)
        .max_component_instance_size(2 << 20)
        .max_core_instance_size(2 << 20)
        .max_memory_size(64 << 20)
        .max_unused_warm_slots(POOL_SLOTS / 2)
        .async_stack_keep_resident(RESIDENT_STACK_BYTES);
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Auto)
            .linear_memory_keep_resident(RESIDENT_BYTES)
            .table_keep_resident(RESIDENT_BYTES);
    }
    pool
}

/// A thread of the operating system, not a task: it has to tick while every worker is busy in a plugin. It ends
/// with the engine.
fn tick(engine: &Engine) -> Result<(), LoadError> {
    let engine = engine.weak();
    let run = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    };
    let spawned = std::thread::Builder::new().name("plugin-ticks".to_owned()).spawn(run);
    spawned.map(drop).map_err(|error| LoadError::Engine(format!("no thread for the ticks: {error}")))
}
