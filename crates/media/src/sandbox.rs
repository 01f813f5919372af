//! What a media tool may touch: the system's libraries, one input, one output folder, and nothing else.
//!
//! A thread restricts itself and then starts the tool, which inherits the restriction. Landlock gives the file
//! rules without user namespaces; a system-call filter takes sockets and the ways out of a process away.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, Compatible, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
    path_beneath_rules,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};

/// Read by every dynamically linked program and by ffmpeg itself.
const SYSTEM_PATHS: [&str; 14] = [
    "/usr",
    "/bin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system",
];

/// How well the media tools are confined on this system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    /// Files by Landlock, sockets and escapes by a system-call filter.
    Landlock,
    /// The kernel has no Landlock: uploads of strangers must not be processed.
    None,
}

/// What one run may read and write.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// Files or folders to read, besides the system's own.
    pub read: Vec<PathBuf>,
    /// The folder to write into.
    pub write: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum SandboxError {
    #[error("Landlock: {0}")]
    Landlock(#[from] landlock::RulesetError),
    #[error("system-call filter: {0}")]
    Filter(#[from] seccompiler::Error),
    #[error("system-call filter: {0}")]
    Rules(#[from] seccompiler::BackendError),
}

/// Restricts the calling thread, and whatever it starts, to `reach` for good.
pub(crate) fn restrict_thread(reach: &Reach) -> Result<Sandbox, SandboxError> {
    let sandbox = restrict_files(reach)?;
    seccompiler::apply_filter(&filter()?)?;
    Ok(sandbox)
}

/// What this kernel offers, tried on a thread of its own.
pub(crate) fn available() -> Sandbox {
    let tried = std::thread::spawn(|| restrict_thread(&Reach::default())).join();
    match tried {
        Ok(Ok(sandbox)) => sandbox,
        Ok(Err(error)) => {
            tracing::warn!(%error, "media tools cannot be confined");
            Sandbox::None
        }
        Err(_) => Sandbox::None,
    }
}

fn restrict_files(reach: &Reach) -> Result<Sandbox, SandboxError> {
    // Best effort: what an older kernel does not know is left out; the status tells whether anything holds.
    let abi = ABI::V6;
    let read = AccessFs::from_read(abi);
    let write = AccessFs::from_all(abi) & !AccessFs::Execute;
    let status = landlock::Ruleset::default()
        .set_compatibility(landlock::CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(SYSTEM_PATHS.map(Path::new), read))?
        .add_rules(path_beneath_rules(["/dev/null"], AccessFs::from_file(abi) & !AccessFs::Execute))?
        .add_rules(path_beneath_rules(&reach.read, read))?
        .add_rules(path_beneath_rules(&reach.write, write))?
        .restrict_self()?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Sandbox::Landlock,
        RulesetStatus::NotEnforced => Sandbox::None,
    })
}

/// Everything passes but network, debugging, name spaces, kernel doors and the raising of limits.
fn filter() -> Result<BpfProgram, SandboxError> {
    let denied = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_sendmmsg,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_getfd,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_move_mount,
        libc::SYS_open_tree,
        libc::SYS_fsopen,
        libc::SYS_pivot_root,
        libc::SYS_chroot,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_io_uring_setup,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_request_key,
        libc::SYS_kexec_load,
        libc::SYS_init_module,
        libc::SYS_finit_module,
        libc::SYS_delete_module,
        libc::SYS_reboot,
        libc::SYS_swapon,
        libc::SYS_swapoff,
        libc::SYS_acct,
        libc::SYS_open_by_handle_at,
        libc::SYS_setrlimit,
        libc::SYS_setsid,
    ];
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = denied.into_iter().map(|call| (call, vec![])).collect();
    // Reading limits is common; setting them (third argument) would undo ours when running as root.
    let sets = SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Ne, 0)?;
    rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![sets])?]);
    // A tool becomes the leader of its own group when it is started, and of no other afterwards.
    let others = [0, 1].map(|argument| SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, 0));
    let others = others.into_iter().map(|other| SeccompRule::new(vec![other?])).collect::<Result<Vec<_>, _>>()?;
    rules.insert(libc::SYS_setpgid, others);
    let new_user = libc::CLONE_NEWUSER as u64;
    let spaces = SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(new_user), new_user)?;
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![spaces])?]);
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    Ok(SeccompFilter::new(rules, SeccompAction::Allow, refuse, architecture)?.try_into()?)
}
