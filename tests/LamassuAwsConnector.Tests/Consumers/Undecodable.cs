namespace LamassuAwsConnector.Tests.Consumers;

/// <summary>Messages that nobody can decode.</summary>
public static class Undecodable
{
    /// <summary>Data of an event of any type.</summary>
    public static TheoryData<string> Data =>
    [
        "null",
        "\"text\"",
        "42",
        "true",
        "[]",
        "[{}]",
        "{}",
        """{"previous":null,"updated":null}""",
        """{"previous":{},"updated":{}}""",
        """{"previous":"text","updated":"text"}""",
        """{"previous":[],"updated":[]}""",
        """{"updated":{"id":"","serial_number":""},"device":{"id":""},"id":"","ID":"","CAID":""}""",
        """{"updated":{"id":null,"serial_number":null},"device":{"id":null},"device_id":null,"id":null,"ID":null,"CAID":null}""",
        """{"updated":{"id":42,"serial_number":42},"device":{"id":42},"id":42,"ID":42,"CAID":42}""",
        """{"updated":{"id":{},"serial_number":[]},"device":{"id":[]},"id":{},"ID":[],"CAID":{}}""",
        """{"updated":{"id":"\ud800","serial_number":"\ud800"},"device":{"id":"\ud800"},"id":"\ud800","ID":"\ud800","CAID":"\ud800"}""",
        """{"updated":{"id":"a","id":"b","serial_number":"a","serial_number":"b"},"device":{"id":"a","id":"b"},"id":"a","id":"b","ID":"a","ID":"b","CAID":"a","CAID":"b"}""",
    ];

    /// <summary>Texts that are none, and members that are there twice.</summary>
    public static TheoryData<string> Bodies =>
    [
        """{"specversion":"1.0","type":"ca.create","id":"\ud800","data":{"id":"ca-1"}}""",
        """{"specversion":"1.0","type":"ca.create\ud800","data":{"id":"ca-1"}}""",
        """{"specversion":"1.0","type":"ca.create","type":"ca.delete","data":{"id":"ca-1"}}""",
        """{"specversion":"1.0","type":"ca.create","\udc00":1,"data":{"id":"ca-1"}}""",
    ];

    public static byte[] NoUtf8 => [.. """{"specversion":"1.0","type":"ca.create","subject":"ca/"""u8, 0xC3, 0x28, .. """ ","data":{"id":"ca-1"}}"""u8];

    public static string Event(string type, string data) =>
        $$"""{"specversion":"1.0","id":"unknown","source":"source://lamassu.io/ctx/source/service/ca","type":"{{type}}","data":{{data}}}""";
}
