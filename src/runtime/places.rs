//! The folders of the program that runs: what 4D's file systems (`/RESOURCES/` …) stand for.
//! `Source: Concepts/paths`

use std::path::PathBuf;

/// Where the program and what belongs to it lie.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The project's file; of a script, the script itself.
    pub structure: PathBuf,
    /// `/PACKAGE`
    pub package: PathBuf,
    /// `/PROJECT`
    pub project: PathBuf,
    /// `/SOURCES`
    pub sources: PathBuf,
}

impl Places {
    /// The places of a project whose `.4DProject` file lies in `Project`.
    #[must_use]
    pub fn of_project(package: PathBuf, structure: PathBuf) -> Self {
        let project = structure.parent().map_or_else(|| package.join("Project"), PathBuf::from);
        Self { sources: project.join("Sources"), project, package, structure }
    }

    /// The places of a script: its folder is everything.
    #[must_use]
    pub fn of_script(folder: PathBuf, script: PathBuf) -> Self {
        Self { structure: script, project: folder.clone(), sources: folder.clone(), package: folder }
    }

    #[must_use]
    pub fn resources(&self) -> PathBuf {
        self.package.join("Resources")
    }

    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.package.join("Data")
    }

    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.package.join("Logs")
    }

    /// The names of the file systems and the folders they stand for.
    #[must_use]
    pub fn systems(&self) -> [(&'static str, PathBuf); 6] {
        [
            ("RESOURCES", self.resources()),
            ("PACKAGE", self.package.clone()),
            ("PROJECT", self.project.clone()),
            ("SOURCES", self.sources.clone()),
            ("DATA", self.data()),
            ("LOGS", self.logs()),
        ]
    }
}
