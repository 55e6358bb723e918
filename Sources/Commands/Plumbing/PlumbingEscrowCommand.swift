// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo plumbing escrow`: sharing a secret among trustees, step by step.
///
/// Spec: `docs/spec/escrow.md`; the last word of an error line is a class of its section 8.
struct PlumbingEscrowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "escrow",
        abstract: Text(
            en: "Share a secret among trustees so that anybody can check it.",
            es: "Repartir un secreto entre fiduciarios de modo que cualquiera lo compruebe."
        ).local,
        subcommands: [
            PlumbingEscrowEnrolCommand.self,
            PlumbingEscrowContextCommand.self,
            PlumbingEscrowDealCommand.self,
            PlumbingEscrowVerifyCommand.self,
            PlumbingEscrowOpenShareCommand.self,
            PlumbingEscrowVerifyShareCommand.self,
            PlumbingEscrowCombineCommand.self,
        ]
    )
}
