// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// How a report looks: black on white, made for paper.
enum BagReportStyle {
    static let css = """
        @page { size: A4; margin: 22mm 20mm 20mm; @bottom-right { content: counter(page) " / " \
        counter(pages); font: 8pt Georgia, serif; color: #666 } }
        body { font: 10.5pt/1.5 "Source Serif 4", Georgia, "DejaVu Serif", serif; color: #111; \
        background: #fff; max-width: 46rem; margin: 0 auto; padding: 1.5rem }
        @media print { body { padding: 0; max-width: none } }
        header { border-bottom: 2px solid #111; margin-bottom: 1.4rem }
        .mark { font-variant: small-caps; letter-spacing: .12em; margin: 0; color: #555 }
        h1 { font-size: 22pt; font-weight: 600; line-height: 1.2; margin: .1rem 0 .2rem }
        .sub { margin: 0 0 .7rem; color: #333 }
        h2 { font-size: 14pt; font-weight: 600; margin: 1.8rem 0 .5rem; break-after: avoid }
        h3 { font-size: 10.5pt; font-weight: 600; margin: 1.1rem 0 .3rem; break-after: avoid }
        .summary { border-left: 3px solid #111; padding-left: 1rem; margin-bottom: 1.2rem }
        .summary p { margin: .3rem 0 }
        table { border-collapse: collapse; width: 100%; font-size: 9.5pt }
        th { text-align: left; font-weight: 600; vertical-align: top; \
        padding: .25rem .8rem .25rem 0 }
        td { vertical-align: top; padding: .25rem .8rem .25rem 0; overflow-wrap: anywhere }
        .facts th { width: 11.5rem; font-weight: 400; color: #555 }
        .list thead th { border-bottom: 1px solid #111 }
        .list tbody td { border-bottom: 1px solid #ddd }
        tr { break-inside: avoid }
        .number { text-align: right; font-variant-numeric: tabular-nums }
        code { font: 8pt "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere }
        pre { font: 9pt "DejaVu Sans Mono", Menlo, Consolas, monospace; background: #f4f4f2; \
        padding: .6rem .8rem }
        .quiet { color: #666; font-size: 8.5pt }
        .bracket { display: flex; gap: .8rem; margin: .6rem 0 1rem; break-inside: avoid }
        .bracket div { flex: 1; border: 1px solid #111; padding: .5rem .7rem }
        .bracket .open { border-style: dashed; border-color: #999; color: #555 }
        .bracket p { margin: 0 }
        .bracket .label { font-size: 8.5pt; color: #555 }
        .bracket .time { font-weight: 600; font-size: 9pt; white-space: nowrap; \
        font-variant-numeric: tabular-nums }
        .bracket .who { font-size: 8.5pt; overflow-wrap: anywhere }
        ul { padding-left: 1.2rem } li { margin: .2rem 0 }
        """
}
