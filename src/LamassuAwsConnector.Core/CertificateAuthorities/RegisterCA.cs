namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Asks that a Lamassu CA is registered in this AWS account and region.</summary>
public sealed record RegisterCA(string CAId)
{
    /// <summary>
    /// true: with a verification certificate, in mode DEFAULT, which one account per region can do. false: by SNI only. null: as the CA's metadata asks,
    /// and only if it does.
    /// </summary>
    public bool? PrimaryAccount { get; init; }
}

/// <summary>How a registration ended when no call failed for a reason that may pass.</summary>
public abstract record RegisterCAOutcome
{
    private RegisterCAOutcome()
    {
    }

    public sealed record Registered(CARegistration Registration) : RegisterCAOutcome;

    /// <summary>It was registered in the mode that is asked for; the metadata says so now.</summary>
    public sealed record AlreadyRegistered(CARegistration Registration) : RegisterCAOutcome;

    /// <summary>The CA does not ask this connector to be registered.</summary>
    public sealed record NotRequested(string Reason) : RegisterCAOutcome;

    /// <summary>It can't be registered until a person changes something.</summary>
    /// <param name="IsNoted">The metadata says so; false when Lamassu did not take that.</param>
    public sealed record Failed(ConnectorException Failure, bool IsNoted) : RegisterCAOutcome;
}

/// <summary>A CA as it is registered in AWS.</summary>
/// <param name="CertificateId">Lower-case hex of the SHA-256 of the DER.</param>
/// <param name="IoTCoreMqttEndpoint">The account's MQTT endpoint, a host name without scheme.</param>
/// <param name="CertificateMode"><c>DEFAULT</c> or <c>SNI_ONLY</c>.</param>
/// <param name="Status"><c>ACTIVE</c> or <c>INACTIVE</c>.</param>
public sealed record CARegistration(
    string CAId,
    string Account,
    string Region,
    string Arn,
    string CertificateId,
    string IoTCoreMqttEndpoint,
    string CertificateMode,
    bool PrimaryAccount,
    string Status);
