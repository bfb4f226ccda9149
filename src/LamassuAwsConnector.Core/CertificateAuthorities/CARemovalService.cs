using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Takes CAs out of AWS when a person asks for it.</summary>
public sealed partial class CARemovalService
{
    private readonly LamassuClient lamassu;
    private readonly MetadataDialects dialects;
    private readonly CARegistrationNotes notes;
    private readonly CARegistrar registrar;
    private readonly IIoTCore iot;
    private readonly ILogger<CARemovalService> logger;

    internal CARemovalService(
        LamassuClient lamassu, MetadataDialects dialects, CARegistrationNotes notes, CARegistrar registrar, IIoTCore iot, ILogger<CARemovalService> logger)
    {
        this.lamassu = lamassu;
        this.dialects = dialects;
        this.notes = notes;
        this.registrar = registrar;
        this.iot = iot;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards the CA's present certificate is INACTIVE in AWS, without auto-registration, and its metadata says so; a registration that was asked for
    /// and not done yet is not asked for any more. Only a new request brings it back. The devices that it brought stay connected, and a template stays
    /// attached. Nothing is deleted. Without a write when repeated.
    /// </summary>
    /// <exception cref="ConnectorException"><see cref="FailureKind.NotFound"/> for a CA that Lamassu does not have; what AWS and Lamassu answer.</exception>
    public async Task<RemoveCAOutcome> RemoveAsync(string caId, CancellationToken cancellationToken)
    {
        // Observe
        var ca = await lamassu.GetCAAsync(caId, cancellationToken);
        var note = dialects.Find(ca.Metadata, $"CA {ca.Id}");
        var issued = IssuedCertificate.Read(ca.Certificate?.EncodedPem, $"CA {ca.Id}");
        if (await iot.DescribeCARegistrationAsync(issued.AwsId, cancellationToken) is not { } found)
        {
            return new RemoveCAOutcome.NotRegistered(await WithdrawAsync(ca.Id, note, cancellationToken));
        }

        // Noted first: else an event between the two writes would bring it back, and nobody could tell whose INACTIVE it is.
        var inAws = found.CertificateDescription;
        var letsDevicesIn = inAws.AutoRegistrationStatus == AutoRegistrationStatus.ENABLE;
        var registration = await registrar.DescribeAsync(ca.Id, inAws, cancellationToken);
        var isNoted = await notes.RecordRemovalAsync(ca.Id, note, registration, letsDevicesIn, cancellationToken);

        // Act
        var isOpen = inAws.Status == CACertificateStatus.ACTIVE || letsDevicesIn;
        if (isOpen)
        {
            await iot.UpdateCACertificateAsync(
                new UpdateCACertificateRequest
                {
                    CertificateId = inAws.CertificateId,
                    NewStatus = CACertificateStatus.INACTIVE,
                    NewAutoRegistrationStatus = AutoRegistrationStatus.DISABLE,
                },
                cancellationToken);
            Log.Removed(logger, ca.Id, inAws.CertificateId, letsDevicesIn);
        }

        var removed = new RemovedCA(
            inAws.CertificateId,
            inAws.CertificateArn,
            CACertificateStatus.INACTIVE.Value,
            letsDevicesIn,
            found.RegistrationConfig?.TemplateName is { Length: > 0 } template ? template : null);
        return isOpen || isNoted ? new RemoveCAOutcome.Removed(removed) : new RemoveCAOutcome.AlreadyRemoved(removed);
    }

    private async Task<bool> WithdrawAsync(string caId, ConnectorMetadata? note, CancellationToken cancellationToken) =>
        CARegistrationNotes.IsRequested(note, $"CA {caId}")
        && await notes.RecordRemovalAsync(caId, note, registration: null, autoRegistration: false, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Took CA {CAId} ({CertificateId}) out of AWS, as asked for: INACTIVE. Auto-registration was on: {LetDevicesIn}", EventName = "remove_ca")]
        public static partial void Removed(ILogger logger, string caId, string certificateId, bool letDevicesIn);
    }
}
