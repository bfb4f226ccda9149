using System.Text.Json;
using System.Text.Unicode;
using LamassuAwsConnector.Core;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>A CloudEvent 1.0 in structured mode, as Lamassu publishes it. <c>id</c> is no identity: it repeats, and can be <c>unknown</c>.</summary>
public sealed record CloudEvent(string Id, string Source, string Type, string? Subject, DateTimeOffset? Time, JsonElement Data)
{
    /// <summary>The extension of that name (CloudEvents' distributed tracing). Lamassu uses the header instead.</summary>
    public string? TraceParent { get; init; }

    // Lamassu's deepest object, a DMS, has eight levels; metadata is free. Of a member that is there twice nobody can say which one is meant.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    // Metadata keys that differ in letter case alone are two keys.
    private static readonly JsonSerializerOptions DataOptions = new(JsonSerializerDefaults.Web) { PropertyNameCaseInsensitive = false };

    /// <exception cref="ConnectorException"><see cref="FailureKind.Invalid"/> when the body is no CloudEvent. What it holds is not repeated: it may be secret.</exception>
    public static CloudEvent Parse(ReadOnlyMemory<byte> body)
    {
        ThrowIfNoText(body.Span);
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            root = document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw Invalid("not_json", $"The message is no JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");
        }

        if (root.ValueKind != JsonValueKind.Object || Text(root, "specversion") != "1.0" || Text(root, "type") is not { Length: > 0 } type)
        {
            throw Invalid("not_a_cloudevent", "The message is no CloudEvent 1.0: it needs the members specversion \"1.0\" and type.");
        }

        DateTimeOffset? time = root.TryGetProperty("time", out var text) && text.ValueKind == JsonValueKind.String && text.TryGetDateTimeOffset(out var value) ? value : null;
        return new CloudEvent(
            Text(root, "id") ?? "", Text(root, "source") ?? "", type, Text(root, "subject"), time, root.TryGetProperty("data", out var data) ? data : default)
        {
            TraceParent = Text(root, "traceparent"),
        };
    }

    /// <exception cref="ConnectorException"><see cref="FailureKind.Invalid"/> when there are no data, or not of the shape that the type has.</exception>
    public T ReadData<T>()
        where T : class
    {
        if (Data.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            throw Invalid("data_missing", $"The event {Type} has no data.");
        }

        try
        {
            return Data.Deserialize<T>(DataOptions)!;
        }
        catch (JsonException exception)
        {
            throw Invalid("data_unreadable", $"The data of the event {Type} can't be read at {exception.Path}.");
        }
    }

    // JSON is read without a look at its texts; one that is none would fail wherever it is first taken for one.
    private static void ThrowIfNoText(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            throw Invalid("not_json", "The message is no JSON: it holds bytes that are no UTF-8.");
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            throw Invalid("not_json", $"The message is no JSON: the text at byte {reader.TokenStartIndex} holds half a character.");
        }
        catch (JsonException)
        {
            // What else is wrong is said when the message is parsed.
        }
    }

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ConnectorException Invalid(string code, string message) => new(FailureKind.Invalid, code, FailureSource.Lamassu, message);
}
