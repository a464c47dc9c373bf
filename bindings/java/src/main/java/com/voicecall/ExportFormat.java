package com.voicecall;

/** The form of an export. */
public enum ExportFormat {
    /** One JSON object a line. */
    NDJSON("ndjson"),
    /** CSV as RFC 4180 has it, with a header line. */
    CSV("csv"),
    /** The same with a byte order mark, and nothing that a spreadsheet takes for a formula or a number. */
    CSV_FOR_SPREADSHEETS("csv_for_spreadsheets");

    private final String word;

    ExportFormat(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
