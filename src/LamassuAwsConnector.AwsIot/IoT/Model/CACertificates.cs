#nullable disable

using Amazon.Runtime;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT.Model;

public partial class GetRegistrationCodeRequest : AmazonIoTRequest;

public partial class GetRegistrationCodeResponse : AmazonWebServiceResponse
{
    public string RegistrationCode { get; set; }
}

public partial class RegisterCACertificateRequest : AmazonIoTRequest
{
    public bool? AllowAutoRegistration { get; set; }

    public string CaCertificate { get; set; }

    public CertificateMode CertificateMode { get; set; }

    public RegistrationConfig RegistrationConfig { get; set; }

    public bool? SetAsActive { get; set; }

    public List<Tag> Tags { get; set; } = Unset.List<Tag>();

    public string VerificationCertificate { get; set; }
}

public partial class RegisterCACertificateResponse : AmazonWebServiceResponse
{
    public string CertificateArn { get; set; }

    public string CertificateId { get; set; }
}

public partial class DescribeCACertificateRequest : AmazonIoTRequest
{
    public string CertificateId { get; set; }
}

public partial class DescribeCACertificateResponse : AmazonWebServiceResponse
{
    public CACertificateDescription CertificateDescription { get; set; }

    public RegistrationConfig RegistrationConfig { get; set; }
}

public partial class ListCACertificatesRequest : AmazonIoTRequest
{
    public bool? AscendingOrder { get; set; }

    public string Marker { get; set; }

    public int? PageSize { get; set; }

    public string TemplateName { get; set; }
}

public partial class ListCACertificatesResponse : AmazonWebServiceResponse
{
    public List<CACertificate> Certificates { get; set; } = Unset.List<CACertificate>();

    public string NextMarker { get; set; }
}

public partial class UpdateCACertificateRequest : AmazonIoTRequest
{
    public string CertificateId { get; set; }

    public AutoRegistrationStatus NewAutoRegistrationStatus { get; set; }

    public CACertificateStatus NewStatus { get; set; }

    public RegistrationConfig RegistrationConfig { get; set; }

    public bool? RemoveAutoRegistration { get; set; }
}

public partial class UpdateCACertificateResponse : AmazonWebServiceResponse;

public partial class CACertificate
{
    public string CertificateArn { get; set; }

    public string CertificateId { get; set; }

    public DateTime? CreationDate { get; set; }

    public CACertificateStatus Status { get; set; }
}

public partial class CACertificateDescription
{
    public AutoRegistrationStatus AutoRegistrationStatus { get; set; }

    public string CertificateArn { get; set; }

    public string CertificateId { get; set; }

    public CertificateMode CertificateMode { get; set; }

    public string CertificatePem { get; set; }

    public DateTime? CreationDate { get; set; }

    public int? CustomerVersion { get; set; }

    public string GenerationId { get; set; }

    public DateTime? LastModifiedDate { get; set; }

    public string OwnedBy { get; set; }

    public CACertificateStatus Status { get; set; }

    public CertificateValidity Validity { get; set; }
}

public partial class RegistrationConfig
{
    public string RoleArn { get; set; }

    public string TemplateBody { get; set; }

    public string TemplateName { get; set; }
}
