//! Where the server listens, by the same rules as its own tools.

use std::env::VarError;
use std::path::{Path, PathBuf};

use super::server_setting::ServerSetting;
use crate::capture::error::CaptureError;

/// A server's socket, and the file that proves to it who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) socket: PathBuf,
    pub(super) cookie: Option<PathBuf>,
}

impl Address {
    /// The server at this socket, with the user's own cookie.
    pub(super) fn from_socket(socket: &Path) -> Self {
        Self { socket: socket.to_owned(), cookie: cookie(&|name| std::env::var(name)) }
    }

    /// The server that the user's settings point at.
    ///
    /// # Errors
    /// When they name none, or none of this computer.
    pub(super) fn from_env() -> Result<Self, CaptureError> {
        Self::from_vars(&|name| std::env::var(name))
    }

    fn from_vars(var: &dyn Fn(&str) -> Result<String, VarError>) -> Result<Self, CaptureError> {
        if let Some(setting) = ServerSetting::find(var) {
            // Only one of this computer: what is heard never crosses a network.
            if let Some(socket) = setting.first_local_socket() {
                return Ok(Self { socket, cookie: cookie(var) });
            }
            setting.refuse_network()?;
        }
        let socket = match (var("PULSE_RUNTIME_PATH"), var("XDG_RUNTIME_DIR")) {
            (Ok(dir), _) => PathBuf::from(dir).join("native"),
            (_, Ok(dir)) => PathBuf::from(dir).join("pulse/native"),
            _ => {
                let cause = "neither PULSE_SERVER nor XDG_RUNTIME_DIR is set".to_owned();
                return Err(CaptureError::NoServer { cause });
            }
        };
        Ok(Self { socket, cookie: cookie(var) })
    }
}

fn cookie(var: &dyn Fn(&str) -> Result<String, VarError>) -> Option<PathBuf> {
    let named = var("PULSE_COOKIE").ok().map(PathBuf::from);
    let home = var("HOME").ok().map(PathBuf::from);
    let config = var("XDG_CONFIG_HOME").ok().map(PathBuf::from).or_else(|| home.as_ref().map(|h| h.join(".config")));
    let usual = [config.map(|c| c.join("pulse/cookie")), home.map(|h| h.join(".pulse-cookie"))];
    named.into_iter().chain(usual.into_iter().flatten()).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(vars: &[(&str, &str)]) -> Result<PathBuf, CaptureError> {
        let var = |name: &str| {
            vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()).ok_or(VarError::NotPresent)
        };
        Address::from_vars(&var).map(|address| address.socket)
    }

    #[test]
    fn the_environment_is_read_as_the_servers_own_tools_do() {
        let run = ("XDG_RUNTIME_DIR", "/run/user/1000");
        assert_eq!(socket(&[run]).unwrap(), Path::new("/run/user/1000/pulse/native"));
        assert_eq!(socket(&[run, ("PULSE_RUNTIME_PATH", "/p")]).unwrap(), Path::new("/p/native"));
        assert_eq!(socket(&[run, ("PULSE_SERVER", "unix:/s")]).unwrap(), Path::new("/s"));
        assert_eq!(socket(&[run, ("PULSE_SERVER", "tcp:far;{abc}unix:/s")]).unwrap(), Path::new("/s"));
        assert_eq!(socket(&[run, ("PULSE_SERVER", "")]).unwrap(), Path::new("/run/user/1000/pulse/native"));
    }

    #[test]
    fn a_server_on_another_computer_is_not_asked() {
        let far = socket(&[("PULSE_SERVER", "tcp:far:4713")]).unwrap_err();
        assert!(matches!(far, CaptureError::NetworkServer { .. }), "{far}");
        assert!(socket(&[]).is_err());
    }
}
