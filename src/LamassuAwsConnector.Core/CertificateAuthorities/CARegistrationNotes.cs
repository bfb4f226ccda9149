using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.IoT;
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
    private const string RemovedTime = "removed_time";
    private const string LeftInactive = "left_inactive";

    // The contracts have no status for it. This one is not read as a request, and user interfaces offer to ask again.
    private const string RemovedStatus = "failed";
    private const string RemovedError = "Taken out of AWS on request. Ask for the registration again to bring it back.";

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

    /// <summary>Whether a person had the CA taken out of AWS and nobody has asked for it since.</summary>
    public static bool IsRemoved(ConnectorMetadata? note) => note?.Value.Object(Registration)?.Text(RemovedTime) is not null;

    /// <summary>Whether the CA is INACTIVE by our doing, so that we may activate it when that is asked for.</summary>
    public static bool MayActivate(ConnectorMetadata? note) =>
        note?.Value.Object(Registration) is { } registration
        && (registration.Text(DeactivatedTime) is not null || (registration.Text(RemovedTime) is not null && registration.Flag(LeftInactive) != true));

    /// <summary>What a CA's note says of its registration; null when it says nothing of one.</summary>
    public static CARegistrationNote? Read(ConnectorMetadata? note)
    {
        if (note?.Value.Object(Registration) is not { } registration)
        {
            return null;
        }

        return new CARegistrationNote(
            note.Key,
            registration.Text(Status)?.ToLowerInvariant(),
            registration.Flag(PrimaryAccount),
            registration.Text(RequestTime),
            registration.Text(RegistrationTime),
            registration.Text(Error),
            note.Value.Text("account"),
            note.Value.Text("region"),
            note.Value.Text("arn"),
            note.Value.Text("certificate_id"),
            registration.Text(DeactivatedTime),
            registration.Text(RemovedTime));
    }

    /// <summary>Notes the success, unless the note says all of it already. A removal that was noted is taken back.</summary>
    /// <param name="dialect">That of <paramref name="note"/>, if there is one.</param>
    /// <param name="isActivated">By this registration: what we took away before is given back.</param>
    public async Task RecordSuccessAsync(
        string caId,
        ConnectorMetadata? note,
        MetadataDialect dialect,
        CARegistration registration,
        bool isActivated,
        CancellationToken cancellationToken)
    {
        var members = Members(dialect, registration);
        var present = note?.Value.Object(Registration);
        if (!isActivated
            && !IsRemoved(note)
            && present?.Text(Status) == Spell(dialect, "succeeded")
            && present.Flag(PrimaryAccount) == registration.PrimaryAccount
            && members.All(member => note!.Value.Text(member.Key) == member.Value))
        {
            return;
        }

        var value = NewRegistration(present, dialect, "succeeded", registration.PrimaryAccount);
        value[RegistrationTime] = Now();
        if (isActivated)
        {
            value.Remove(DeactivatedTime);
            value.Remove(AutoRegistrationDisabled);
        }
        else if (registration.Status == CACertificateStatus.INACTIVE.Value && IsRemoved(note) && MayActivate(note))
        {
            // Lamassu shuts it out, so it stays INACTIVE for now; it comes back with a lifted hold.
            value[DeactivatedTime] = value.Text(DeactivatedTime) ?? Now();
        }

        value.Remove(RemovedTime);
        value.Remove(LeftInactive);
        await WriteAsync(caId, note, dialect, value, members, cancellationToken);
    }

    /// <summary>
    /// Notes that a person has the CA taken out of AWS, so that neither an event nor a lifted hold brings it back. Without a write when that is noted
    /// already.
    /// </summary>
    /// <param name="registration">The CA as AWS has it; null when it is not there, and a request for it is withdrawn.</param>
    /// <param name="autoRegistration">It is switched off with it.</param>
    /// <returns>Whether something was written.</returns>
    public async Task<bool> RecordRemovalAsync(
        string caId, ConnectorMetadata? note, CARegistration? registration, bool autoRegistration, CancellationToken cancellationToken)
    {
        var present = note?.Value.Object(Registration);
        var dialect = note?.Dialect ?? dialects.Default;
        var isOurs = registration?.Status != CACertificateStatus.INACTIVE.Value || MayActivate(note);
        if (IsRemoved(note)
            && present?.Text(Status) == Spell(dialect, RemovedStatus)
            && (HadAutoRegistration(note) || !autoRegistration)
            && isOurs == (present.Flag(LeftInactive) != true))
        {
            return false;
        }

        var value = NewRegistration(present, dialect, RemovedStatus, registration?.PrimaryAccount ?? AsksForPrimaryAccount(note));
        value[Error] = RemovedError;
        value[RemovedTime] = Now();
        value.Remove(DeactivatedTime);
        value.Remove(LeftInactive);
        if (!isOurs)
        {
            value[LeftInactive] = true;
        }

        if (autoRegistration)
        {
            value[AutoRegistrationDisabled] = true;
        }

        await WriteAsync(caId, note, dialect, value, registration is null ? [] : Members(dialect, registration), cancellationToken);
        return true;
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
