namespace VoiceCall
{
    /// <summary>The form of an export.</summary>
    public enum ExportFormat
    {
        /// <summary>One JSON object a line.</summary>
        Ndjson,

        /// <summary>CSV as RFC 4180 has it, with a header line.</summary>
        Csv,

        /// <summary>The same with a byte order mark, and nothing that a spreadsheet takes for a formula or a number.</summary>
        CsvForSpreadsheets,
    }
}
