using Amazon.IoT;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>Makes Lamassu devices AWS IoT things.</summary>
public sealed partial class ThingRegistrationService
{
    // A device that gets yet another identity while this one is registered is looked at again, this often.
    private const int MaxRounds = 3;

    private readonly LamassuClient lamassu;
    private readonly LamassuMemory memory;
    private readonly MetadataDialects dialects;
    private readonly ThingProvisioning provisioning;
    private readonly EarlierCertificates earlierCertificates;
    private readonly DeviceNotes notes;
    private readonly IIoTCore iot;
    private readonly ConnectorMetrics metrics;
    private readonly TimeProvider timeProvider;
    private readonly ILogger<ThingRegistrationService> logger;

    internal ThingRegistrationService(
        LamassuClient lamassu,
        LamassuMemory memory,
        MetadataDialects dialects,
        ThingProvisioning provisioning,
        EarlierCertificates earlierCertificates,
        DeviceNotes notes,
        IIoTCore iot,
        ConnectorMetrics metrics,
        TimeProvider timeProvider,
        ILogger<ThingRegistrationService> logger)
    {
        this.lamassu = lamassu;
        this.memory = memory;
        this.dialects = dialects;
        this.provisioning = provisioning;
        this.earlierCertificates = earlierCertificates;
        this.notes = notes;
        this.iot = iot;
        this.metrics = metrics;
        this.timeProvider = timeProvider;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards the device's current certificate is registered and attached to a thing of the device's id, with the policies and in the groups of its
    /// DMS, and the device's earlier certificates can't connect. Repeated, it changes nothing; an existing certificate's status is never changed.
    /// </summary>
    /// <exception cref="ConnectorException">Any kind but Throttled by Lamassu; the reason is noted on the device when nothing follows that could clear it.</exception>
    public async Task<RegisterThingOutcome> RegisterAsync(RegisterThing command, CancellationToken cancellationToken)
    {
        if (!ThingNames.IsValid(command.DeviceId))
        {
            throw new ConnectorException(
                FailureKind.Invalid,
                "device_id_no_thing_name",
                FailureSource.Connector,
                $"Device id '{command.DeviceId}' can't be a thing name in AWS: 1 to 128 letters, digits or :_- are allowed.");
        }

        var outcome = await RegisterOnceAsync(command, cancellationToken);
        for (var round = 1; outcome is MovedOn && round < MaxRounds; round++)
        {
            outcome = await RegisterOnceAsync(command with { Bound = null }, cancellationToken);
        }

        return outcome.Outcome;
    }

    /// <summary>Notes on the device what its registration still waits for; for the last attempt, after which nothing follows.</summary>
    public async Task RecordWaitingAsync(string deviceId, string reason, CancellationToken cancellationToken)
    {
        var device = await lamassu.GetDeviceAsync(deviceId, cancellationToken);
        var note = dialects.Find(device.Metadata, $"device {deviceId}");
        await notes.RecordErrorAsync(deviceId, note, note?.Dialect ?? dialects.Default, reason, cancellationToken);
    }

    private async Task<Round> RegisterOnceAsync(RegisterThing command, CancellationToken cancellationToken)
    {
        // Observe
        var device = await lamassu.GetDeviceAsync(command.DeviceId, cancellationToken);
        if (CurrentSerialNumber(device, command, out var serialNumber) is { } outdated)
        {
            return new Round(outdated);
        }

        var note = dialects.Find(device.Metadata, $"device {device.Id}");
        var dms = await memory.GetDmsAsync(device.DmsOwner ?? "", command.DmsAsOf, cancellationToken);
        if (dialects.Find(dms.Metadata, $"DMS {dms.Id}") is not { } dmsNote)
        {
            return new Round(new RegisterThingOutcome.NotRequested($"DMS {dms.Id} has no settings for this connector"));
        }

        try
        {
            var settings = DmsAwsSettings.Read(dmsNote, dms.Id);
            if (settings.Mode == RegistrationMode.None || (settings.Mode == RegistrationMode.Jitp && !command.IsExplicit && !command.OnlyIfKnown))
            {
                return new Round(new RegisterThingOutcome.NotRequested(
                    $"DMS {dms.Id} has registration mode {settings.Mode.ToString().ToLowerInvariant()}"));
            }

            return await RegisterOnceAsync(command, new Subject(device, serialNumber!, note, settings), cancellationToken);
        }
        catch (ConnectorException failure) when (command.IsLastAttempt || failure.Kind is not (FailureKind.Throttled or FailureKind.Unavailable))
        {
            await RecordFailureAsync(device.Id, note, note?.Dialect ?? dmsNote.Dialect, failure, cancellationToken);
            throw;
        }
    }

    private async Task<Round> RegisterOnceAsync(RegisterThing command, Subject subject, CancellationToken cancellationToken)
    {
        var device = subject.Device;
        var (bound, notActive) = await CurrentCertificateAsync(command, subject, cancellationToken);
        if (notActive is not null)
        {
            return new Round(notActive);
        }

        var certificate = IssuedCertificate.Read(bound!.EncodedPem, $"device {device.Id}");
        if (certificate.CommonName != device.Id)
        {
            throw new ConnectorException(
                FailureKind.Conflict,
                "common_name_differs",
                FailureSource.Lamassu,
                $"Certificate {subject.SerialNumber} of device {device.Id} has the common name '{certificate.CommonName}'; Lamassu and AWS identify a device by it. Enrol the device anew with its id as common name.");
        }

        if (certificate.NotBefore > timeProvider.GetUtcNow())
        {
            return new Round(new RegisterThingOutcome.Waiting(
                "certificate_not_valid_yet", $"Certificate {subject.SerialNumber} of device {device.Id} is valid from {certificate.NotBefore:u} on."));
        }

        if (bound.CAId is not { Length: > 0 } caId || caId == "-")
        {
            throw new ConnectorException(
                FailureKind.Conflict,
                "issuer_unknown",
                FailureSource.Lamassu,
                $"Lamassu does not know the CA that issued certificate {subject.SerialNumber} of device {device.Id}; AWS takes certificates of registered CAs only.");
        }

        var ca = await memory.GetCACertificateAsync(caId, cancellationToken);

        // Act
        var provisioned = await provisioning.EnsureAsync(
            new ProvisionThing(device.Id, subject.SerialNumber, certificate, ca, caId, subject.Settings, DeviceNotes.IsRegistered(subject.Note), command.OnlyIfKnown),
            cancellationToken);
        if (provisioned.Ending is { } ending)
        {
            return new Round(ending);
        }

        var registration = await RetireEarlierAsync(device, provisioned.Registration!, cancellationToken);

        // Record
        var deviceAfter = await notes.RecordRegistrationAsync(device.Id, subject.Note, subject.Dialect, cancellationToken);
        var metadata = provisioned.Changed || !ReferenceEquals(bound, command.Bound)
            ? bound.Metadata
            : (await lamassu.GetCertificateAsync(subject.SerialNumber, cancellationToken)).Metadata;
        var certificateAfter = await notes.RecordArnAsync(subject.SerialNumber, metadata, subject.Dialect, registration.CertificateArn, cancellationToken);

        var changed = provisioned.Changed || registration.Retired.Count > 0;
        if (certificateAfter is not null && registration.CertificateStatus != CertificateStatus.REVOKED.Value && LamassuStatus.ShutOut(certificateAfter) is { } shutOut)
        {
            registration = await ShutOutAsync(registration, shutOut, cancellationToken);
        }

        return Ended(registration, changed, isCurrent: deviceAfter is null || SerialNumbers.AreSame(deviceAfter.Identity?.ActiveSerialNumber, subject.SerialNumber));
    }

    private Round Ended(ThingRegistration registration, bool changed, bool isCurrent)
    {
        if (changed)
        {
            metrics.DeviceRegistered();
            Log.Registered(logger, registration.ThingName, registration.SerialNumber, registration.CertificateId, registration.ThingArn);
        }
        else
        {
            Log.AlreadyRegistered(logger, registration.ThingName, registration.SerialNumber);
        }

        foreach (var left in registration.LeftAlone)
        {
            Log.LeftAlone(logger, registration.ThingName, left.Kind, left.Name, left.Detail);
        }

        RegisterThingOutcome outcome = changed
            ? new RegisterThingOutcome.Registered(registration)
            : new RegisterThingOutcome.AlreadyRegistered(registration);
        return isCurrent ? new Round(outcome) : new MovedOn(outcome);
    }

    // The slot's own status follows the certificate's late and does not count, and the event's is of the past; but one of them that lets nobody in is reason to
    // look at the certificate.
    private async Task<(BoundCertificate? Certificate, RegisterThingOutcome? Ending)> CurrentCertificateAsync(
        RegisterThing command, Subject subject, CancellationToken cancellationToken)
    {
        var slot = subject.Device.Identity?.Status;
        if (command.Bound is { } bound && (bound.Status is null || LamassuStatus.Is(bound.Status, LamassuStatus.Active))
            && !LamassuStatus.Is(slot, LamassuStatus.Revoked) && !LamassuStatus.Is(slot, LamassuStatus.Expired))
        {
            return (bound, null);
        }

        var certificate = await lamassu.GetCertificateAsync(subject.SerialNumber, cancellationToken);
        return LamassuStatus.Is(certificate.Status, LamassuStatus.Active)
            ? (new BoundCertificate(certificate.SerialNumber, certificate.EncodedPem ?? "", certificate.IssuerMetadata?.Id, certificate.Metadata), null)
            : (null, new RegisterThingOutcome.Outdated($"certificate {subject.SerialNumber} of device {subject.Device.Id} is {certificate.Status} in Lamassu"));
    }

    private static RegisterThingOutcome.Outdated? CurrentSerialNumber(Device device, RegisterThing command, out string? serialNumber)
    {
        serialNumber = device.Identity?.ActiveSerialNumber;
        if (LamassuStatus.Is(device.Status, LamassuStatus.Decommissioned))
        {
            return new RegisterThingOutcome.Outdated($"device {device.Id} is decommissioned");
        }

        if (serialNumber is null)
        {
            return new RegisterThingOutcome.Outdated($"device {device.Id} has no identity");
        }

        return command.Bound is null || SerialNumbers.AreSame(command.Bound.SerialNumber, serialNumber)
            ? null
            : new RegisterThingOutcome.Outdated($"the current identity of device {device.Id} is certificate {serialNumber}, not {command.Bound.SerialNumber}");
    }

    private async Task<ThingRegistration> RetireEarlierAsync(Device device, ThingRegistration registration, CancellationToken cancellationToken)
    {
        var earlier = device.Identity!.EarlierSerialNumbers;
        if (earlier.Count == 0)
        {
            return registration;
        }

        // Read freshly: this takes something away that works.
        var dms = await memory.GetDmsFreshlyAsync(device.DmsOwner ?? "", cancellationToken);
        if (dms.Settings?.Reenrollment?.RevokeOnReenrollment == false)
        {
            return WithLeftAlone(registration, "earlier_certificates", $"DMS {dms.Id} keeps earlier certificates (revoke_on_reenrollment is false)");
        }

        var status = registration.CertificateStatus
            ?? (await iot.DescribeCertificateAsync(registration.CertificateId, cancellationToken))?.Status?.Value;
        if (status != CertificateStatus.ACTIVE.Value)
        {
            return WithLeftAlone(registration, "earlier_certificates", $"the current certificate is {status} in AWS, so what may still work is kept") with { CertificateStatus = status };
        }

        var retired = await earlierCertificates.RetireAsync(registration.ThingName, earlier, cancellationToken);
        return registration with { Retired = retired, CertificateStatus = status };
    }

    private static ThingRegistration WithLeftAlone(ThingRegistration registration, string kind, string reason) =>
        registration with { LeftAlone = [.. registration.LeftAlone, new ResourceNote(kind, registration.ThingName, reason)] };

    // Lamassu took the certificate back while it was being registered; its event may have come before there was anything in AWS to change.
    private async Task<ThingRegistration> ShutOutAsync(ThingRegistration registration, CertificateStatus status, CancellationToken cancellationToken)
    {
        await iot.UpdateCertificateAsync(registration.CertificateId, status, cancellationToken);
        Log.ShutOut(logger, registration.SerialNumber, registration.ThingName, status);
        return registration with { CertificateStatus = status };
    }

    private async Task RecordFailureAsync(
        string deviceId, ConnectorMetadata? note, MetadataDialect dialect, ConnectorException failure, CancellationToken cancellationToken)
    {
        try
        {
            await notes.RecordErrorAsync(deviceId, note, dialect, failure.Message, cancellationToken);
        }
        catch (ConnectorException exception)
        {
            Log.FailureNotRecorded(logger, deviceId, exception);
        }
    }

    private sealed record Subject(Device Device, string SerialNumber, ConnectorMetadata? Note, DmsAwsSettings Settings)
    {
        public MetadataDialect Dialect => Note?.Dialect ?? Settings.Dialect;
    }

    private record Round(RegisterThingOutcome Outcome);

    private sealed record MovedOn(RegisterThingOutcome Outcome) : Round(Outcome);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Registered thing {ThingName} with certificate {SerialNumber} ({CertificateId}) as {ThingArn}", EventName = "register_thing")]
        public static partial void Registered(ILogger logger, string thingName, string serialNumber, string certificateId, string? thingArn);

        [LoggerMessage(2, LogLevel.Debug, "Thing {ThingName} with certificate {SerialNumber} is registered already")]
        public static partial void AlreadyRegistered(ILogger logger, string thingName, string serialNumber);

        [LoggerMessage(3, LogLevel.Warning, "Left alone at thing {ThingName}: {Kind} {Name}: {Reason}")]
        public static partial void LeftAlone(ILogger logger, string thingName, string kind, string name, string? reason);

        [LoggerMessage(4, LogLevel.Information, "Certificate {SerialNumber} of thing {ThingName} was taken back by Lamassu during its registration: set {Status}")]
        public static partial void ShutOut(ILogger logger, string serialNumber, string thingName, string status);

        [LoggerMessage(5, LogLevel.Error, "The failed registration of device {DeviceId} could not be noted in Lamassu")]
        public static partial void FailureNotRecorded(ILogger logger, string deviceId, Exception exception);
    }
}
