using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using CACertificate = LamassuAwsConnector.Core.Lamassu.Models.CACertificate;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>The tags by which an operator finds a CA of Lamassu in AWS; the keys are those that the existing connector uses.</summary>
internal static class CATags
{
    private const string Id = "LMS.CA.ID";
    private const string SerialNumber = "LMS.CA.SN";

    /// <summary>The CA's id in Lamassu as its registration wrote it; null when the tag is missing.</summary>
    public static string? CAIdOf(IReadOnlyDictionary<string, string> tags) => tags.GetValueOrDefault(Id);

    public static string? SerialNumberOf(IReadOnlyDictionary<string, string> tags) => tags.GetValueOrDefault(SerialNumber);

    public static bool Name(IReadOnlyDictionary<string, string> tags, string caId) => CAIdOf(tags) == TagValues.Allowed(caId);

    public static List<Tag> Of(CACertificate ca, IssuedCertificate certificate) =>
    [
        new Tag { Key = Id, Value = TagValues.Allowed(ca.Id) },
        new Tag { Key = SerialNumber, Value = TagValues.Allowed(ca.Certificate?.SerialNumber ?? "") },
        new Tag { Key = "LMS.CA.CN", Value = TagValues.Allowed(certificate.CommonName ?? "") },
    ];
}
