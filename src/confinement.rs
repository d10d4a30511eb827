//! Keeps the process from reaching a network for the rest of its life, and its memory from being written out.
//!
//! On Linux the kernel refuses every new socket that is not of this computer (`AF_UNIX`), to all threads and to all
//! programs that they start, and the calls that could do the same in another way: io_uring, taking a socket out of
//! another process, and writing into one. Sockets that are there already go on working, so a page that is served is
//! served. What this does not stop is in SECURITY.md. On other systems nothing of this is done.

/// Why the process could not be confined.
#[derive(Debug, thiserror::Error)]
#[error("the system does not keep this program from the network ({cause}); it does not reach for it by itself either")]
pub struct ConfinementError {
    cause: String,
}

/// Confines the process, once and for all.
///
/// # Errors
/// When the system cannot do it. Then parts of it may be done.
#[cfg(target_os = "linux")]
pub fn confine_process() -> Result<(), ConfinementError> {
    linux::confine().map_err(|cause| ConfinementError { cause: cause.to_string() })
}

/// Does nothing: this system has no such means, or they are not used yet.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
pub fn confine_process() -> Result<(), ConfinementError> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    };

    /// Calls that make a socket; its family is their first argument.
    const SOCKETS: [i64; 2] = [libc::SYS_socket, libc::SYS_socketpair];

    /// Calls that reach a network without making a socket here.
    const OTHER_WAYS: [i64; 7] = [
        libc::SYS_io_uring_setup,
        libc::SYS_io_uring_enter,
        libc::SYS_io_uring_register,
        libc::SYS_pidfd_getfd,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
    ];

    /// On x86-64 the same calls have a second set of numbers, with this bit, if the kernel has the x32 interface.
    const X32: Option<i64> = if cfg!(target_arch = "x86_64") { Some(0x4000_0000) } else { None };

    pub(super) fn confine() -> Result<(), Box<dyn std::error::Error>> {
        // A core dump of a call holds its words and the page's token.
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
        seccompiler::apply_filter_all_threads(&filter()?)?;
        Ok(())
    }

    fn filter() -> Result<BpfProgram, Box<dyn std::error::Error>> {
        let elsewhere = || {
            let family = libc::AF_UNIX as u64;
            let other = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, family)?;
            SeccompRule::new(vec![other])
        };
        let mut rules = BTreeMap::new();
        for bits in [Some(0), X32].into_iter().flatten() {
            for call in SOCKETS {
                rules.insert(call | bits, vec![elsewhere()?]);
            }
            // Without a condition it is refused whatever it is for.
            rules.extend(OTHER_WAYS.map(|call| (call | bits, Vec::new())));
        }
        let refuse = SeccompAction::Errno(libc::EPERM as u32);
        let arch = std::env::consts::ARCH.try_into()?;
        Ok(SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()?)
    }
}
