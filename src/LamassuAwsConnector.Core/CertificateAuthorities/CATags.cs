using System.Text.RegularExpressions;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Certificates;
using CACertificate = LamassuAwsConnector.Core.Lamassu.Models.CACertificate;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>The tags by which an operator finds a CA of Lamassu in AWS; the keys are those that the existing connector uses.</summary>
internal static partial class CATags
{
    // https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
    private const int MaxValue = 256;

    private const string Id = "LMS.CA.ID";
    private const string SerialNumber = "LMS.CA.SN";

    /// <summary>The CA's id in Lamassu as its registration wrote it; null when the tag is missing.</summary>
    public static string? CAIdOf(IReadOnlyDictionary<string, string> tags) => tags.GetValueOrDefault(Id);

    public static string? SerialNumberOf(IReadOnlyDictionary<string, string> tags) => tags.GetValueOrDefault(SerialNumber);

    public static bool Name(IReadOnlyDictionary<string, string> tags, string caId) => CAIdOf(tags) == Allowed(caId);

    public static List<Tag> Of(CACertificate ca, IssuedCertificate certificate) =>
    [
        new Tag { Key = Id, Value = Allowed(ca.Id) },
        new Tag { Key = SerialNumber, Value = Allowed(ca.Certificate?.SerialNumber ?? "") },
        new Tag { Key = "LMS.CA.CN", Value = Allowed(certificate.CommonName ?? "") },
    ];

    private static string Allowed(string value)
    {
        var allowed = NotAllowed().Replace(value, "_");
        return allowed.Length <= MaxValue ? allowed : allowed[..MaxValue];
    }

    // https://docs.aws.amazon.com/iot/latest/apireference/API_Tag.html gives no pattern for values; this is AWS's general one.
    [GeneratedRegex(@"[^\p{L}\p{Z}\p{N}_.:/=+\-@]")]
    private static partial Regex NotAllowed();
}
