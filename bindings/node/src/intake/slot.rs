//! The place of an open store: empty before it is opened, and again after it is closed.

use std::sync::Mutex;

use voicecall_core::intake::{Intake, IntakeConfig};
use voicecall_core::webhook::WebhookConfig;

use super::lock;
use crate::failure::Failure;

/// Where the threads find the store.
pub(super) struct Slot {
    config: IntakeConfig,
    webhook: WebhookConfig,
    intake: Mutex<Option<Intake>>,
}

impl Slot {
    pub(super) fn new(config: IntakeConfig, webhook: WebhookConfig) -> Slot {
        Slot {
            config,
            webhook,
            intake: Mutex::default(),
        }
    }

    pub(super) fn open(&self) -> Result<(), Failure> {
        let intake = self.config.clone().build(self.webhook.clone().build()?)?;
        *lock(&self.intake) = Some(intake);
        Ok(())
    }

    /// The store. What was begun before the intake was closed still gets it.
    pub(super) fn intake(&self) -> Result<Intake, Failure> {
        lock(&self.intake).clone().ok_or_else(Failure::intake_closed)
    }

    /// What nobody needs to finish ends.
    pub(super) fn close(&self) {
        if let Some(intake) = &*lock(&self.intake) {
            intake.end_waits();
        }
    }

    /// Closes the store with the last thread that uses it.
    pub(super) fn release(&self) {
        let intake = lock(&self.intake).take();
        if let Some(intake) = intake {
            intake.close();
        }
    }
}
