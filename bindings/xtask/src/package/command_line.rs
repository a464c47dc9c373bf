//! The command `voicecall`: an archive, a package of Debian, a wheel, and what an image for `voicecall listen` is built from.

use std::fs;

use super::files::{self, put, text};
use super::{Job, VERSION, languages, notices};
use crate::command::{self, root};

/// The image has the command and nothing else of ours; the store is a volume.
const DOCKERFILE: &str = "\
FROM debian:12-slim
COPY bin/voicecall /usr/bin/voicecall
COPY LICENSE THIRD-PARTY /usr/share/doc/voicecall/
VOLUME /var/lib/voicecall
EXPOSE 8088
USER 65534
ENTRYPOINT [\"voicecall\"]
CMD [\"listen\", \"--store\", \"sqlite:/var/lib/voicecall/calls.db\", \"--port\", \"8088\"]
";

pub(super) fn package(job: &Job) -> Result<Vec<String>, String> {
    let mut made = Vec::new();
    for target in &job.targets {
        let program = target.program("voicecall");
        let built = target.build("voicecall-cli", job.profile)?.join(&program);
        let folder = files::stage(&format!("voicecall-cli-{VERSION}-{}", target.name))?;
        put(&built, &folder.join("bin").join(&program))?;
        if job.profile == "dist" {
            command::output(&target.tool("strip"), &[&text(&folder.join("bin").join(&program))])?;
        }
        put(&root().join("LICENSE"), &folder.join("LICENSE"))?;
        put(&root().join("bindings/cli/README.md"), &folder.join("README.md"))?;
        notices::write("voicecall-cli", &folder.join("THIRD-PARTY"))?;
        if !target.is_windows() {
            fs::write(folder.join("Dockerfile"), DOCKERFILE).map_err(|error| error.to_string())?;
        }
        made.push(files::tar(job, &folder)?);
        let installed = files::stage("voicecall-deb")?;
        put(&built, &installed.join("usr/bin/voicecall"))?;
        for document in ["LICENSE", "README.md", "THIRD-PARTY"] {
            put(
                &folder.join(document),
                &installed.join("usr/share/doc/voicecall-cli").join(document),
            )?;
        }
        let about = (
            "voicecall-cli",
            "VoiceCall in the shell, and a local platform for tests",
        );
        made.extend(files::deb(job, target, &installed, about)?);
    }
    made.extend(languages::wheel(job, "bindings/cli")?);
    Ok(made)
}
