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

    // Ours, in both dialects: what we took away and may give back.
    private const string DeactivatedTime = "deactivated_time";
    private const string AutoRegistrationDisabled = "auto_registration_disabled";

    /// <param name="subject">Names the object in the error.</param>
    /// <exception cref="ConnectorException"><see cref="FailureKind.Invalid"/> when there is a registration that is no object: a request that can't be read.</exception>
    public static bool IsRequested(ConnectorMetadata? note, string subject) => note?.Value[Registration] switch
    {
        null => false,
        JsonObject registration => "requested".Equals(registration.Text(Status), StringComparison.OrdinalIgnoreCase),
        _ => throw new ConnectorException(
            FailureKind.Invalid,
            "registration_not_an_object",
            FailureSource.Lamassu,
            $"'{Registration}' under the metadata key '{note.Key}' of {subject} holds no JSON object; write one with a status there or remove it."),
    };

    /// <summary>Whether the note says that the CA is in AWS.</summary>
    public static bool IsRegistered(ConnectorMetadata? note) =>
        "succeeded".Equals(note?.Value.Object(Registration)?.Text(Status), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the primary account is asked for; a request that does not say so asks for SNI only, which takes nothing from another account.</summary>
    public static bool AsksForPrimaryAccount(ConnectorMetadata? note) => note?.Value.Object(Registration)?.Flag(PrimaryAccount) ?? false;

    /// <summary>Whether the CA is INACTIVE in AWS because this connector set it so.</summary>
    public static bool IsDeactivated(ConnectorMetadata? note) => note?.Value.Object(Registration)?.Text(DeactivatedTime) is not null;

    /// <summary>Whether that deactivation switched auto-registration off.</summary>
    public static bool HadAutoRegistration(ConnectorMetadata? note) => note?.Value.Object(Registration)?.Flag(AutoRegistrationDisabled) == true;

    /// <summary>Notes the success, unless the note says all of it already.</summary>
    /// <param name="dialect">That of <paramref name="note"/>, if there is one.</param>
    public async Task RecordSuccessAsync(
        string caId, ConnectorMetadata? note, MetadataDialect dialect, CARegistration registration, CancellationToken cancellationToken)
    {
        var members = Members(dialect, registration);
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
    /// <param name="dialect">That of <paramref name="note"/>, if there is one.</param>
    public async Task RecordFailureAsync(
        string caId, ConnectorMetadata? note, MetadataDialect dialect, bool primaryAccount, bool isFinal, string error, CancellationToken cancellationToken)
    {
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

    /// <summary>Notes that we deactivate the CA, before we do: a CA that is INACTIVE without the note was set so by others.</summary>
    /// <param name="registration">The CA as AWS has it, for a CA that carries no note: the registration is noted with it.</param>
    /// <param name="autoRegistration">It is switched off with it.</param>
    public async Task RecordDeactivationAsync(
        string caId, ConnectorMetadata? note, CARegistration registration, bool autoRegistration, CancellationToken cancellationToken)
    {
        if (IsDeactivated(note) && (HadAutoRegistration(note) || !autoRegistration))
        {
            return;
        }

        var dialect = note?.Dialect ?? dialects.Default;
        var value = note?.Value.Object(Registration)?.DeepClone().AsObject();
        var members = value is null ? Members(dialect, registration) : [];
        if (value is null)
        {
            value = NewRegistration(present: null, dialect, "succeeded", registration.PrimaryAccount);
            value[RegistrationTime] = Now();
        }

        value[DeactivatedTime] = value.Text(DeactivatedTime) ?? Now();
        if (autoRegistration)
        {
            value[AutoRegistrationDisabled] = true;
        }

        await WriteAsync(caId, note, dialect, value, members, cancellationToken);
    }

    /// <summary>Takes back what <see cref="RecordDeactivationAsync"/> noted.</summary>
    public async Task RecordActivationAsync(string caId, ConnectorMetadata note, CancellationToken cancellationToken)
    {
        if (note.Value.Object(Registration)?.DeepClone().AsObject() is { } value && value.Remove(DeactivatedTime) | value.Remove(AutoRegistrationDisabled))
        {
            await WriteAsync(caId, note, note.Dialect, value, members: [], cancellationToken);
        }
    }

    private static Dictionary<string, string> Members(MetadataDialect dialect, CARegistration registration) => new()
    {
        ["account"] = registration.Account,
        ["region"] = registration.Region,
        ["arn"] = registration.Arn,
        ["certificate_id"] = registration.CertificateId,
        [dialect == MetadataDialect.Documented ? "iot_core_mqtt_endpoint" : "mqtt_endpoint"] = registration.IoTCoreMqttEndpoint,
    };

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
