// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo registry`: vouch for sources, name networks, tell platforms.
struct RegistryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry",
        abstract: Text(
            en: "Trust sources without naming them; name networks that harm.",
            es: "Confiar en fuentes sin nombrarlas; señalar redes que dañan."
        ).local,
        subcommands: [
            RegistryInitCommand.self, RegistryFollowCommand.self, RegistryKeyCommand.self,
            RegistryCharterCommand.self,
            RegistrySignCommand.self, RegistryOfflineCommand.self, RegistryCollectCommand.self,
            RegistryVerifierCommand.self,
            RegistrySourceCommand.self, RegistryKeeperCommand.self, RegistryRingCommand.self,
            RegistryVouchCommand.self, RegistryRenewCommand.self, RegistryWithdrawCommand.self,
            RegistryObjectCommand.self,
            RegistryAlarmCommand.self,
            RegistryComplainCommand.self, RegistryDisputeCommand.self,
            RegistryReviewCommand.self, RegistryContestCommand.self,
            RegistryComplaintsCommand.self,
            RegistryBeaconCommand.self, RegistryPanelCommand.self, RegistryConcurCommand.self,
            RegistrySuspendCommand.self, RegistryRevokeCommand.self,
            RegistryGuardCommand.self, RegistryAliveCommand.self, RegistryHearCommand.self,
            RegistryAppealCommand.self,
            RegistryDecideSealsCommand.self,
            RegistryDecideCommand.self, RegistryReopenCommand.self,
            RegistryDesignateCommand.self, RegistryAliasCommand.self,
            RegistryNetworkCommand.self, RegistryCorrectCommand.self,
            RegistryIncidentCommand.self,
            RegistryStatusCommand.self, RegistryExplainCommand.self, RegistryAuditCommand.self,
            RegistryMonitorCommand.self,
            RegistrySnapshotCommand.self, RegistryExportCommand.self,
        ]
    )
}
