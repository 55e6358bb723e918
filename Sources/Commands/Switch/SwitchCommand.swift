// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo switch`: what releases a case when its owner is silenced.
struct SwitchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: Text(
            en: "The dead-man switch of a case, as its owner uses it.",
            es: "El interruptor de un caso, como lo usa su persona dueña."
        ).local,
        subcommands: [
            SwitchArmCommand.self, SwitchCheckInCommand.self, SwitchStatusCommand.self,
            SwitchWordsCommand.self, SwitchReshareCommand.self, SwitchHoldCommand.self,
            SwitchVetoCommand.self, SwitchRevokeCommand.self,
            SwitchVerifyCommand.self, SwitchExportCommand.self, SwitchSimulateCommand.self,
            SwitchSenderCommand.self, SwitchContactsCommand.self, SwitchRemindCommand.self,
            SwitchInstructionsCommand.self, SwitchBadgeCommand.self,
        ]
    )
}

/// `resguardo trustee`: what the holder of a share does.
struct TrusteeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trustee",
        abstract: Text(
            en: "Hold a share of somebody's switch, and say when it is time.",
            es: "Custodiar una parte de un interruptor, y decir cuándo es hora."
        ).local,
        subcommands: [
            TrusteeInitCommand.self, TrusteeInviteCommand.self, TrusteeAcceptCommand.self,
            TrusteeConfirmCommand.self, TrusteeStatusCommand.self,
            TrusteeWordsCommand.self, TrusteeDayCommand.self, TrusteeClearDuressCommand.self,
            TrusteeAttestCommand.self, TrusteeDrillCommand.self, TrusteeDelayCommand.self,
            TrusteeConsentCommand.self, TrusteeReleaseCommand.self,
            TrusteeImportCommand.self, TrusteeWatchCommand.self, TrusteePaperCommand.self,
        ]
    )
}

/// `resguardo successor`: who receives a case.
struct SuccessorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "successor",
        abstract: Text(
            en: "Be the one who receives a case.",
            es: "Ser quien recibe un caso."
        ).local,
        subcommands: [
            SuccessorInitCommand.self, SuccessorAcceptCommand.self, SuccessorReceiptCommand.self,
        ]
    )
}
