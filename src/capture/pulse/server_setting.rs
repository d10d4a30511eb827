//! Which sound servers the user's settings name, by the rules of the server's own library: that library may be reached
//! through ALSA as well, and goes wherever they lead.

use std::env::VarError;
use std::fs;
use std::path::{Path, PathBuf};

use crate::capture::error::CaptureError;

/// The settings of the whole system, where the user has none.
const SYSTEM_CONFIG: &str = "/etc/pulse/client.conf";

/// Servers that are named, and where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServerSetting {
    /// An environment variable, or the file that has a line `default-server`.
    place: String,
    /// The servers, in the form `{machine}unix:/run/… tcp:host`.
    servers: String,
}

impl ServerSetting {
    /// What the environment and the library's file of settings name; `None` if they name nothing.
    pub(super) fn find(var: &dyn Fn(&str) -> Result<String, VarError>) -> Option<Self> {
        Self::find_with_system(var, Path::new(SYSTEM_CONFIG))
    }

    fn find_with_system(var: &dyn Fn(&str) -> Result<String, VarError>, system: &Path) -> Option<Self> {
        if let Ok(servers) = var("PULSE_SERVER")
            && !servers.trim().is_empty()
        {
            return Some(Self { place: "PULSE_SERVER".to_owned(), servers });
        }
        let config = config_file(var, system)?;
        let mut files = vec![config.clone()];
        // What lies in the folder beside it is read after it, by name.
        let folder = fs::read_dir(config.with_added_extension("d")).into_iter().flatten().flatten();
        let is_settings = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "conf") && path.is_file();
        let mut more: Vec<_> = folder.map(|entry| entry.path()).filter(is_settings).collect();
        more.sort();
        files.append(&mut more);
        let named =
            |path: &PathBuf| Some((path.display().to_string(), default_server(&fs::read_to_string(path).ok()?)?));
        let (place, servers) = files.iter().filter_map(named).next_back()?;
        (!servers.is_empty()).then(|| Self { place: format!("default-server in {place}"), servers })
    }

    /// The first socket of this computer that is named.
    pub(super) fn first_local_socket(&self) -> Option<PathBuf> {
        self.addresses().find_map(local_socket)
    }

    /// The error if a server on a network is named. An address of this computer's own is one too: a tunnel may begin
    /// there.
    pub(super) fn refuse_network(&self) -> Result<(), CaptureError> {
        match self.addresses().all(|address| local_socket(address).is_some()) {
            true => Ok(()),
            false => Err(CaptureError::NetworkServer { place: self.place.clone(), servers: self.servers.clone() }),
        }
    }

    /// The addresses without what says for which machine they are.
    fn addresses(&self) -> impl Iterator<Item = &str> {
        self.servers.split([';', ' ', '\t']).filter(|server| !server.is_empty()).map(|server| {
            let named = server.strip_prefix('{').and_then(|rest| rest.split_once('}'));
            named.map_or(server, |(_, address)| address)
        })
    }
}

/// The path of an address that is a socket of this computer.
fn local_socket(address: &str) -> Option<PathBuf> {
    let path = address.strip_prefix("unix:").unwrap_or(address);
    path.starts_with('/').then(|| PathBuf::from(path))
}

/// The one file of settings that the library reads.
fn config_file(var: &dyn Fn(&str) -> Result<String, VarError>, system: &Path) -> Option<PathBuf> {
    let folder = |name: &str| var(name).ok().filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(named) = folder("PULSE_CLIENTCONFIG") {
        return Some(named);
    }
    let home = folder("HOME");
    let xdg = folder("XDG_CONFIG_HOME").or_else(|| home.as_ref().map(|home| home.join(".config")));
    let folders = [folder("PULSE_CONFIG_PATH"), home.map(|home| home.join(".pulse")), xdg.map(|xdg| xdg.join("pulse"))];
    let own = folders.into_iter().flatten().map(|folder| folder.join("client.conf"));
    own.chain([system.to_owned()]).find(|path| path.is_file())
}

/// What a file of settings says of the server, on the last line that does.
fn default_server(text: &str) -> Option<String> {
    let lines = text.lines().map(|line| line.split(['#', ';']).next().unwrap_or_default());
    let value = |line: &str| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "default-server").then(|| value.trim().to_owned())
    };
    lines.filter_map(value).next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(vars: &[(&str, &str)], system: &Path) -> Option<ServerSetting> {
        let var = |name: &str| {
            vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()).ok_or(VarError::NotPresent)
        };
        ServerSetting::find_with_system(&var, system)
    }

    fn named(servers: &str) -> ServerSetting {
        find(&[("PULSE_SERVER", servers)], Path::new("/nowhere")).unwrap()
    }

    #[test]
    fn whatever_is_no_socket_of_this_computer_is_on_a_network() {
        for local in ["unix:/s", "/s", "{abc}unix:/s", "unix:/a unix:/b", "unix:/a;/b "] {
            assert_eq!(named(local).refuse_network(), Ok(()), "{local}");
        }
        for far in ["tcp:far", "tcp4:far:4713", "tcp6:[::1]", "far", "{abc}far", "tcp:127.0.0.1", "unix:/s tcp:far"] {
            let refused = named(far).refuse_network().unwrap_err().to_string();
            assert!(refused.contains(&format!("PULSE_SERVER names a sound server on a network ({far})")), "{refused}");
        }
    }

    #[test]
    fn the_files_are_read_in_the_librarys_order() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        let system = put("etc/client.conf", "; default-server = tcp:comment\n default-server = tcp:system # far\n");
        let home = dir.path().join("home");
        let vars = [("HOME", home.to_str().unwrap())];
        let servers = |vars: &[(&str, &str)]| find(vars, &system).map(|setting| setting.servers);
        assert_eq!(servers(&vars).as_deref(), Some("tcp:system"));
        put("etc/client.conf.d/20.conf", "default-server=tcp:later");
        put("etc/client.conf.d/10.conf", "default-server=tcp:earlier");
        put("etc/client.conf.d/30.old", "default-server=tcp:other");
        assert_eq!(servers(&vars).as_deref(), Some("tcp:later"));
        put("home/.config/pulse/client.conf", "autospawn = no\n");
        assert_eq!(servers(&vars), None, "the user's own file is read in place of the system's");
        let own = put("own.conf", "default-server = unix:/own\n");
        let with_own = [vars[0], ("PULSE_CLIENTCONFIG", own.to_str().unwrap())];
        assert_eq!(servers(&with_own).as_deref(), Some("unix:/own"));
        assert_eq!(servers(&[with_own[1], ("PULSE_SERVER", "unix:/env")]).as_deref(), Some("unix:/env"));
        assert_eq!(servers(&[with_own[1], ("PULSE_SERVER", " ")]).as_deref(), Some("unix:/own"));
    }
}
