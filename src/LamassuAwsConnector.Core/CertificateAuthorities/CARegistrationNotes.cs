using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>The registration in a CA's metadata: what is asked for, and what became of it. Members that others wrote stay.</summary>
internal sealed class CARegistrationNotes(LamassuClient lamassu, MetadataDialects dialects, TimeProvider timeProvider)
{
    private const string Registration = "registration";
    private const string Status = "status";
    private const string Error = "error";
    private const string PrimaryAccount = "primary_account";
    private const string RequestTime = "registration_request_time";
    private const string RegistrationTime = "registration_time";

    public static bool IsRequested(ConnectorMetadata? note) =>
        "requested".Equals(note?.Value.Object(Registration)?.Text(Status), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the primary account is asked for; a request that does not say so asks for SNI only, which takes nothing from another account.</summary>
    public static bool AsksForPrimaryAccount(ConnectorMetadata? note) => note?.Value.Object(Registration)?.Flag(PrimaryAccount) ?? false;

    /// <summary>Notes the success, unless the note says all of it already.</summary>
    public async Task RecordSuccessAsync(string caId, ConnectorMetadata? note, CARegistration registration, CancellationToken cancellationToken)
    {
        var dialect = note?.Dialect ?? dialects.Default;
        var members = new Dictionary<string, string>
        {
            ["account"] = registration.Account,
            ["region"] = registration.Region,
            ["arn"] = registration.Arn,
            ["certificate_id"] = registration.CertificateId,
            [dialect == MetadataDialect.Documented ? "iot_core_mqtt_endpoint" : "mqtt_endpoint"] = registration.IoTCoreMqttEndpoint,
        };
        var present = note?.Value.Object(Registration);
        if (present?.Text(Status) == Spell(dialect, "succeeded")
            && present.Flag(PrimaryAccount) == registration.PrimaryAccount
            && members.All(member => note!.Value.Text(member.Key) == member.Value))
        {
            return;
        }

        var value = NewRegistration(present, dialect, "succeeded", registration.PrimaryAccount);
        value[RegistrationTime] = Now();
        await WriteAsync(caId, note, dialect, value, members, cancellationToken);
    }

    /// <summary>Notes a failure: <c>failed</c> when a person has to act, else still <c>requested</c> with the reason. Written only when it changes something.</summary>
    public async Task RecordFailureAsync(
        string caId, ConnectorMetadata? note, bool primaryAccount, bool isFinal, string error, CancellationToken cancellationToken)
    {
        var dialect = note?.Dialect ?? dialects.Default;
        var status = isFinal ? "failed" : "requested";
        var present = note?.Value.Object(Registration);
        if (present?.Text(Status) == Spell(dialect, status) && present.Text(Error) == error)
        {
            return;
        }

        var value = NewRegistration(present, dialect, status, primaryAccount);
        value[Error] = error;
        if (isFinal)
        {
            value[RegistrationTime] = Now();
        }

        await WriteAsync(caId, note, dialect, value, [], cancellationToken);
    }

    private JsonObject NewRegistration(JsonObject? present, MetadataDialect dialect, string status, bool primaryAccount)
    {
        var value = present?.DeepClone().AsObject() ?? [];
        value[Status] = Spell(dialect, status);
        value[PrimaryAccount] = primaryAccount;
        if (dialect == MetadataDialect.Lamassu3)
        {
            // The dashboard reads both: an empty error as none, and a request time that it must be able to parse.
            value[Error] = "";
            value[RequestTime] = present?.Text(RequestTime) ?? Now();
        }
        else
        {
            value.Remove(Error);
        }

        return value;
    }

    private async Task WriteAsync(
        string caId, ConnectorMetadata? note, MetadataDialect dialect, JsonObject registration, Dictionary<string, string> members, CancellationToken cancellationToken)
    {
        var patch = new MetadataPatch();
        if (note is null)
        {
            var value = new JsonObject();
            foreach (var (member, text) in members)
            {
                value[member] = text;
            }

            value[Registration] = registration;
            patch.SetKey(dialects.KeyOf(dialect), value);
        }
        else
        {
            foreach (var (member, text) in members)
            {
                patch.Set(note.Key, member, text);
            }

            patch.Set(note.Key, Registration, registration);
        }

        await lamassu.UpdateCAMetadataAsync(caId, patch, cancellationToken);
    }

    private string Now() => timeProvider.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Spell(MetadataDialect dialect, string status) => dialect == MetadataDialect.Documented ? status : status.ToUpperInvariant();
}
