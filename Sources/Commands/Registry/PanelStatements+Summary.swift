// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension BeaconStatement: Summarised {
    package var summary: Text {
        Text(
            en: "randomness for the panels of \(RegistryText.date(day))",
            es: "azar para los paneles del \(RegistryText.date(day))"
        )
    }
}

extension ConcurStatement: Summarised {
    package var summary: Text {
        Text(
            en: """
                a member of the panel on subject \(RegistryText.short(subject)) concurs: \
                \(soundCount) sound posts, \(unsoundCount) unsound
                """,
            es: """
                alguien del panel sobre la fuente \(RegistryText.short(subject)) coincide: \
                \(soundCount) publicaciones sólidas, \(unsoundCount) no
                """
        )
    }
}
