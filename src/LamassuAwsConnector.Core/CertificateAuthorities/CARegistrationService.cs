using Amazon.IoT;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Registers Lamassu CAs in this AWS account and region.</summary>
public sealed partial class CARegistrationService
{
    private readonly LamassuClient lamassu;
    private readonly MetadataDialects dialects;
    private readonly CARegistrationNotes notes;
    private readonly CARegistrar registrar;
    private readonly CAActivation activation;
    private readonly CAStatusService status;
    private readonly ILogger<CARegistrationService> logger;

    internal CARegistrationService(
        LamassuClient lamassu,
        MetadataDialects dialects,
        CARegistrationNotes notes,
        CARegistrar registrar,
        CAActivation activation,
        CAStatusService status,
        ILogger<CARegistrationService> logger)
    {
        this.lamassu = lamassu;
        this.dialects = dialects;
        this.notes = notes;
        this.registrar = registrar;
        this.activation = activation;
        this.status = status;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards the CA is registered and active in AWS, or its metadata says why not. A CA that is there already, in the mode that is asked for, is
    /// left as it is, but for one that this connector made INACTIVE: asked for anew, it is ACTIVE again if it is so in Lamassu. Auto-registration stays off:
    /// devices come by the connector, or by a template that is attached later.
    /// </summary>
    /// <exception cref="ConnectorException">
    /// <see cref="FailureKind.NotFound"/>; <see cref="FailureKind.Invalid"/> when what the metadata ask for can't be read; <see cref="FailureKind.Unavailable"/>, <see cref="FailureKind.Throttled"/>, <see cref="FailureKind.Denied"/>
    /// and <see cref="FailureKind.Unexpected"/>, with the reason in the metadata of a CA that asks for its registration there.
    /// </exception>
    public async Task<RegisterCAOutcome> RegisterAsync(RegisterCA command, CancellationToken cancellationToken)
    {
        // Observe
        var ca = await lamassu.GetCAAsync(command.CAId, cancellationToken);
        var note = dialects.Find(ca.Metadata, $"CA {ca.Id}");
        if (note?.HasBothKeys == true)
        {
            Log.BothKeys(logger, ca.Id, note.Key);
        }

        var isRequested = CARegistrationNotes.IsRequested(note, $"CA {ca.Id}");
        if (command.PrimaryAccount is null && !isRequested)
        {
            return new RegisterCAOutcome.NotRequested($"CA {ca.Id} does not ask this connector for its registration");
        }

        var primaryAccount = command.PrimaryAccount ?? CARegistrationNotes.AsksForPrimaryAccount(note);
        try
        {
            var (registration, isNew) = await registrar.EnsureAsync(ca, new CARegistrationTerms(primaryAccount), cancellationToken);

            var isActivated = !isNew && await activation.BringBackAsync(ca, note, registration, cancellationToken);
            registration = isActivated ? registration with { Status = CACertificateStatus.ACTIVE.Value } : registration;

            // Record
            await notes.RecordSuccessAsync(ca.Id, note, note?.Dialect ?? dialects.Default, registration, isActivated, cancellationToken);
            if (isActivated && await status.ApplyAsync(ca.Id, cancellationToken) is ApplyCertificateStatusOutcome.Changed changed)
            {
                // It was revoked in Lamassu while it was brought back.
                registration = registration with { Status = changed.Status };
            }

            return isNew || isActivated ? new RegisterCAOutcome.Registered(registration) : new RegisterCAOutcome.AlreadyRegistered(registration);
        }
        catch (ConnectorException failure) when (failure.Kind is FailureKind.Invalid or FailureKind.Conflict)
        {
            var isNoted = await RecordFailureAsync(ca.Id, note, primaryAccount, isFinal: true, failure, cancellationToken);
            Log.Failed(logger, ca.Id, failure.Code, failure.RequestId, failure);
            return new RegisterCAOutcome.Failed(failure, isNoted);
        }
        catch (ConnectorException failure) when (isRequested && failure.Kind is not FailureKind.NotFound)
        {
            await RecordFailureAsync(ca.Id, note, primaryAccount, isFinal: false, failure, cancellationToken);
            throw;
        }
    }

    /// <returns>Whether Lamassu took it.</returns>
    private async Task<bool> RecordFailureAsync(
        string caId, ConnectorMetadata? note, bool primaryAccount, bool isFinal, ConnectorException failure, CancellationToken cancellationToken)
    {
        try
        {
            await notes.RecordFailureAsync(caId, note, note?.Dialect ?? dialects.Default, primaryAccount, isFinal, failure.Message, cancellationToken);
            return true;
        }
        catch (ConnectorException exception)
        {
            Log.FailureNotRecorded(logger, caId, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "CA {CAId} can't be registered in AWS ({Code}, AWS request id {RequestId})")]
        public static partial void Failed(ILogger logger, string caId, string code, string? requestId, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The failed registration of CA {CAId} could not be noted in Lamassu")]
        public static partial void FailureNotRecorded(ILogger logger, string caId, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "CA {CAId} carries this connector's data under both keys; {Key} counts")]
        public static partial void BothKeys(ILogger logger, string caId, string key);
    }
}
