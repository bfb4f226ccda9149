using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LamassuAwsConnector.Api.Logging;

/// <summary>
/// One JSON object in each line, with the members of the published documentation. What a message names, and the scope around it, follow under their
/// names in snake_case.
/// </summary>
internal sealed class JsonLineFormatter(IConfiguration configuration, TimeProvider timeProvider) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "lamassu-json";

    private const string DeviceId = "device_id";
    private const string ThingName = "thing_name";
    private const string ThingArn = "thing_arn";
    private const string OriginalFormat = "{OriginalFormat}";
    private const string OwnCategories = "LamassuAwsConnector";

    // Written from elsewhere, or of no use to a reader.
    private static readonly HashSet<string> NotRepeated = new(StringComparer.Ordinal)
    {
        "time", "level", "service", "connector_id", "action", "message", "trace_id", "span_id", "logger", "exception", "error", "error_code",
        "parent_id", "connection_id",
    };

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Not the options: the first lines come before they are validated.
    private readonly string connectorId = configuration["connector_id"] ?? "";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("time", timeProvider.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("level", Word(logEntry.LogLevel));
            json.WriteString("service", ConnectorTelemetry.ServiceName);
            json.WriteString("connector_id", connectorId);
            WriteFields(json, logEntry.Category, logEntry.EventId, Fields(logEntry.State, scopeProvider));
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (Activity.Current is { } activity)
            {
                json.WriteString("trace_id", activity.TraceId.ToString());
                json.WriteString("span_id", activity.SpanId.ToString());
            }

            json.WriteString("logger", logEntry.Category);
            WriteException(json, logEntry.LogLevel, logEntry.Exception);
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteFields(Utf8JsonWriter json, string category, EventId eventId, Dictionary<string, object?> fields)
    {
        // A thing's name is the device's id.
        if ((Take(fields, DeviceId) ?? fields.GetValueOrDefault(ThingName)) is { } device)
        {
            Write(json, DeviceId, device);
        }

        if (eventId.Name is { Length: > 0 } name && category.StartsWith(OwnCategories, StringComparison.Ordinal))
        {
            json.WriteString("action", JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
        }

        if (Take(fields, ThingArn) is { } arn)
        {
            Write(json, ThingArn, arn);
        }

        foreach (var (field, value) in fields)
        {
            Write(json, field, value);
        }
    }

    // A failure that was foreseen is told by its sentence; where it came from is for debugging.
    private static void WriteException(Utf8JsonWriter json, LogLevel level, Exception? exception)
    {
        if (exception is ConnectorException { Kind: not FailureKind.Unexpected } failure && level > LogLevel.Debug)
        {
            json.WriteString("error", failure.Message);
            json.WriteString("error_code", failure.Code);
        }
        else if (exception is not null)
        {
            json.WriteString("exception", exception.ToString());
        }
    }

    private static object? Take(Dictionary<string, object?> fields, string name) => fields.Remove(name, out var value) ? value : null;

    // The message's own values go before those of the scopes around it.
    private static Dictionary<string, object?> Fields<TState>(TState state, IExternalScopeProvider? scopes)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        scopes?.ForEachScope(
            static (scope, fields) =>
            {
                if (scope is IEnumerable<KeyValuePair<string, object?>> values)
                {
                    // The server's RequestId is not AWS's.
                    Add(fields, values.Where(value => value.Key != "RequestId"));
                }
            },
            fields);
        Add(fields, state as IEnumerable<KeyValuePair<string, object?>> ?? []);
        return fields;
    }

    private static void Add(Dictionary<string, object?> fields, IEnumerable<KeyValuePair<string, object?>> values)
    {
        foreach (var (key, value) in values)
        {
            if (value is not null && key != OriginalFormat && JsonNamingPolicy.SnakeCaseLower.ConvertName(key) is var name && !NotRepeated.Contains(name))
            {
                fields[name] = value;
            }
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case int or long:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
