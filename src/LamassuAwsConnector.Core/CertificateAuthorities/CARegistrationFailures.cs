using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Why a CA can't be registered, in sentences that name the check that failed and what to do.</summary>
internal static class CARegistrationFailures
{
    public static ConnectorException NotUsable(string caId, string reason) => Conflict(
        "ca_not_usable", FailureSource.Lamassu, $"CA {caId} {reason} and is not registered; devices of this CA need one that is valid.");

    public static ConnectorException CanNotSign(string caId, ConnectorException? cause) => Conflict(
        "key_not_found",
        FailureSource.Lamassu,
        $"Lamassu can't sign with CA {caId} (key not found: imported without key, or under another key id), which a primary account needs. "
            + "Register it with primary_account: false (SNI only), or give the key in Lamassu's KMS the CA's subject key id as alias and ask again.",
        cause);

    public static ConnectorException OtherMode(string caId, string present, string asked) => Conflict(
        "ca_registered_in_other_mode",
        FailureSource.Aws,
        $"CA {caId} is registered in AWS in mode {present}, and {asked} was asked for. Ask with primary_account: {(present == "DEFAULT" ? "true" : "false")}, "
            + "or delete it in AWS first.");

    public static ConnectorException RegisteredElsewhere(string caId, ConnectorException cause) => Conflict(
        "another_account_is_primary",
        FailureSource.Aws,
        $"Another account is primary for CA {caId} in this region ({cause.Code}); ask with primary_account: false.",
        cause);

    /// <summary>The failure with the check that AWS made, as far as it can be told from here.</summary>
    public static ConnectorException Explain(string caId, IssuedCertificate certificate, bool primaryAccount, ConnectorException failure)
    {
        var advice = failure.Code switch
        {
            AwsErrorCodes.RegistrationCodeValidation =>
                "the verification certificate's common name is not the registration code of this account and region: "
                    + "check that aws_config names the region that is meant, and ask again",
            AwsErrorCodes.CertificateValidation when primaryAccount =>
                $"the verification certificate was not accepted: check that the CA's key in Lamassu belongs to its certificate (valid until {certificate.NotAfter:u})",
            AwsErrorCodes.CertificateValidation =>
                $"its certificate was not accepted: check that it is a CA certificate that is valid now (it ends {certificate.NotAfter:u})",
            AwsErrorCodes.AccessDenied =>
                "the connector's IAM policy does not allow it: add iot:RegisterCACertificate, iot:GetRegistrationCode, iot:DescribeCACertificate, "
                    + "iot:DescribeEndpoint and iot:TagResource; it is tried again",
            _ => null,
        };
        return advice is null
            ? failure
            : new ConnectorException(failure.Kind, failure.Code, failure.FailureSource, $"AWS did not register CA {caId} ({failure.Code}): {advice}.", failure)
            {
                RequestId = failure.RequestId,
            };
    }

    private static ConnectorException Conflict(string code, FailureSource source, string message, ConnectorException? cause = null) =>
        new(FailureKind.Conflict, code, source, message, cause) { RequestId = cause?.RequestId };
}
