// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Vault

extension VaultError {
    /// What can be wrong around cases that several people work on.
    var colleagueFailure: Failure? {
        switch self {
        case .tooManyColleagues(let limit):
            Failure(
                .usage,
                Text(
                    en: "a case is shared with 1 to \(limit) colleagues at a time",
                    es: "un caso se comparte con 1 a \(limit) colegas a la vez"
                ),
                hint: Text(
                    en: "for more, share it again: each time makes a file of its own",
                    es: "para más, compártalo otra vez: cada vez hace un archivo propio"
                )
            )
        case .notAColleague:
            Failure(
                .usage,
                Text(
                    en: "--with takes what “resguardo case recipient” shows your colleague",
                    es: "--with lleva lo que «resguardo case recipient» muestra a su colega"
                )
            )
        case .shareForOthers:
            Failure(
                .notAllowed,
                Text(
                    en: "this share was not sealed for this vault",
                    es: "esto no se selló para esta bóveda"
                )
            )
        case .malformedShare:
            Failure(
                .doesNotVerify,
                Text(en: "this is no shared case", es: "esto no es un caso compartido")
            )
        case .itemOfColleague(let item):
            Failure(
                .notAllowed,
                Text(
                    en: "a colleague deposited \(item): only they can do this with it",
                    es: "un colega depositó \(item): solo él o ella puede hacer esto"
                )
            )
        case .exchangeTooLarge(let limit):
            Failure(
                .failed,
                Text(
                    en: "the shared directory has more than \(limit) files of this case",
                    es: "el directorio compartido tiene más de \(limit) archivos de este caso"
                )
            )
        default: nil
        }
    }
}
