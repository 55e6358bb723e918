// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Grades of harm as people read them.
enum GradeText {
    /// The words for the name that files have.
    static func text(_ name: String) -> Text {
        let spanish = ["none": "ninguna", "low": "baja", "moderate": "moderada", "high": "alta"]
        return Text(en: name, es: spanish[name] ?? name)
    }
}
