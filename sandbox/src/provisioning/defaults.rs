//! The account that is there from the start: fictitious, and enough to try everything without set-up.

use std::collections::{BTreeMap, BTreeSet};

use super::{Account, Application, Controls, Limits, Template};

/// Key of the application that is there from the start.
const APP_KEY: &str = "SandboxAppKey0001";
/// Its secret: public, as it protects nothing.
const APP_SECRET: &str = "sandbox-app-secret-0001";
const DISPLAY_NUMBERS: [&str; 3] = ["+867550000088", "+867550000089", "+867550000090"];
/// The names that the service's own samples use.
const VOICE_FILES: [&str; 9] = [
    "lastmin_voice1.wav",
    "notifyvoice.wav",
    "postone.wav",
    "pre_voice1.wav",
    "pretone.wav",
    "recordhint_voice1.wav",
    "test.wav",
    "wait_voice1.wav",
    "welcome.wav",
];
/// A template begins with a Chinese character (contract requests.md 11).
const TEMPLATES: [(&str, &str); 3] = [
    ("sandbox_alarm", "服务器发生告警,请立即处理,确认请按一。"),
    ("sandbox_password", "尊敬的${TXT_8}您的初始密码为${NUM_6}。"),
    ("sandbox_pickup", "尊敬的${TXT_20}请于${DATE},${TIME}前领取您的快递。"),
];

impl Default for Account {
    fn default() -> Account {
        let mut application = Application::new(APP_SECRET);
        application.display_numbers = DISPLAY_NUMBERS.map(str::to_owned).into();
        Account {
            sp_id: "SandboxAccount01".to_owned(),
            applications: BTreeMap::from([(APP_KEY.to_owned(), application)]),
            voice_files: BTreeSet::from(VOICE_FILES.map(str::to_owned)),
            templates: TEMPLATES
                .map(|(id, content)| (id.to_owned(), Template::new(content)))
                .into(),
            unordered_numbers: BTreeSet::new(),
            balance_fen: None,
            platform_ports: None,
            limits: Limits::default(),
            controls: Controls::default(),
        }
    }
}
